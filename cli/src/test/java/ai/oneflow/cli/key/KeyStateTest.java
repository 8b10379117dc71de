package ai.oneflow.cli.key;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyStateTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Duration MONTH = Duration.ofDays(30);

  @Test
  void whatTheSpecLeavesOutIsAsTheOperatorHasIt() {
    KeyState key = key("{}", "{}");

    assertThat(key.user()).isEqualTo("alice");
    assertThat(key.project()).isEqualTo("ai");
    assertThat(key.secretName()).isEqualTo("alice-key");
    assertThat(key.word()).isEqualTo("Unknown");
    assertThat(key.age()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'suspended': true} | True | Suspended",
        "{'expiresAt': '2026-05-31T00:00:00Z'} | True | Expired",
        "{'expiresAt': '2026-06-02T00:00:00Z'} | True | Ready",
        "{} | False | NotReady"
      },
      quoteCharacter = '"')
  void theWordIsWhatACallerMeets(String spec, String ready, String word) {
    String status =
        "{'conditions': [{'type': 'Ready', 'status': '%s', 'reason': 'NotReady'}]}"
            .formatted(ready);

    assertThat(key(spec, status).word()).isEqualTo(word);
  }

  @Test
  void aKeyBesideWhichAnotherWorksIsInGrace() {
    String status =
        "{'conditions': [{'type': 'Ready', 'status': 'True'}],"
            + " 'graceUntil': '2026-06-03T00:00:00Z'}";

    assertThat(key("{}", status).word()).isEqualTo("InGrace");
  }

  @Test
  void aReplacementIsDueByTheAgeOfTheKey() {
    String rotation = "{'rotation': {'every': '90d'}}";

    assertThat(due(rotation, "2026-03-20T00:00:00Z"))
        .isEqualTo(new Due.Replacement(Instant.parse("2026-06-18T00:00:00Z")));
    assertThat(due(rotation, "2026-05-01T00:00:00Z")).isEqualTo(new Due.Not());
    assertThat(due("{}", "2020-01-01T00:00:00Z")).isEqualTo(new Due.Not());
  }

  @Test
  void anEndIsToldFromAReplacementAndWhatHasEndedIsNotDue() {
    String made = "2026-03-20T00:00:00Z";
    String end = "{'rotation': {'every': '90d'}, 'expiresAt': '%s'}";

    assertThat(due(end.formatted("2026-06-10T00:00:00Z"), made))
        .isEqualTo(new Due.End(Instant.parse("2026-06-10T00:00:00Z")));
    assertThat(due(end.formatted("2026-05-10T00:00:00Z"), made)).isEqualTo(new Due.Not());
    assertThat(due("{'suspended': true, 'rotation': {'every': '90d'}}", made))
        .isEqualTo(new Due.Not());
  }

  private static Due due(String spec, String made) {
    return Due.of(key(spec, "{'rotatedAt': '%s'}".formatted(made)), MONTH);
  }

  private static KeyState key(String spec, String status) {
    String tree =
        "{'metadata': {'namespace': 'ai', 'name': 'alice'}, 'spec': %s, 'status': %s}"
            .formatted(spec, status)
            .replace('\'', '"');
    try {
      return new KeyState(new Found(Kind.API_KEY, new ObjectMapper().readTree(tree)), NOW);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
