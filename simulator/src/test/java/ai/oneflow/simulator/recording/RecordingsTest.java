package ai.oneflow.simulator.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordingsTest {
  private static final Path CASSETTES = Path.of("src/test/resources/cassettes");

  private final List<Recording> recordings = Recordings.load(CASSETTES);

  @Test
  void readsBodiesThatAreStrings() {
    Interaction read = named("strings").interactions().getFirst();
    assertThat(read.method()).isEqualTo("POST");
    assertThat(read.path()).isEqualTo("/v1/chat/completions");
    assertThat(read.status()).isEqualTo(200);
    assertThat(read.isEventStream()).isTrue();
    assertThat(read.responseBody().text()).isEqualTo("data: {\"a\":1}\n\ndata: [DONE]\n\n");
  }

  @Test
  void readsParsedBodiesWithTheirNumbersAndTextsAsTheyWere() {
    Interaction read = named("parsed").interactions().getFirst();
    assertThat(read.status()).isEqualTo(404);
    assertThat(read.requestBody().text())
        .isEqualTo(
            "{\"model\":\"m\",\"temperature\":0.10,\"stop\":\"no\",\"n\":12345678901234567890}");
    assertThat(read.responseBody().text())
        .isEqualTo("{\"when\":\"2025-01-01\",\"ok\":true,\"x\":null}");
  }

  @Test
  void readsBinaryBodiesAndSkipsWhatIsNoHttp() {
    Recording read = named("binary");
    assertThat(read.interactions()).hasSize(1);
    assertThat(read.interactions().getFirst().responseBody().bytes()).containsExactly(0, 1, 2, -1);
  }

  @Test
  void keepsOnlyOpenAiWireWhereAsked() {
    assertThat(Recordings.loadOpenAi(CASSETTES))
        .extracting(Recording::name)
        .containsExactly("strings");
  }

  @Test
  void saysHowToNameRecordingsThatAreNotThere() {
    assertThatThrownBy(() -> Recordings.load(Path.of("nowhere")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no recordings at nowhere")
        .hasMessageContaining("--recordings");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "data: 1\n\ndata: 2\n\n", "data: 1\r\n\r\ndata: 2", "\n\n\n\n"})
  void everySplittingKeepsTheBytes(String text) {
    for (Splitting splitting :
        List.of(
            new Splitting.Whole(),
            new Splitting.Events(),
            new Splitting.EveryByte(),
            new Splitting.Random64(5))) {
      List<Body> pieces = splitting.split(Body.ofText(text));
      assertThat(pieces).noneMatch(Body::isEmpty);
      assertThat(String.join("", pieces.stream().map(Body::text).toList())).isEqualTo(text);
    }
  }

  private Recording named(String name) {
    return recordings.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }
}
