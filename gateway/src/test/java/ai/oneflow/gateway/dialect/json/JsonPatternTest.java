package ai.oneflow.gateway.dialect.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonPatternTest {
  private static final String EVENT =
      " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"pad\":\"ab\"}\r";

  private final JsonPattern pattern = new JsonPattern();

  @ParameterizedTest
  @ValueSource(
      strings = {
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"pad\":\"ab\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"\",\"pad\":\"ab\"}\r",
        " {\"id\" : \"y2\", \"n\":[1, null,{}],\"text\":\"Grüß Gott, wie geht es?\",\"pad\":\"\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hellooo\",\"pad\":\"a\"}\r",
      })
  void knowsWhatDiffersInStringsAlone(String other) {
    learn(EVENT, "\"Hello");

    assertThat(matches(other)).isTrue();
    String text = other.replaceAll("(?s).*\"text\":\"([^\"]*)\".*", "$1");
    assertThat(
            new String(other.getBytes(UTF_8), pattern.from(), pattern.to() - pattern.from(), UTF_8))
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " {\"id\" : \"x\\\"1\", \"n\":[2, null,{}],\"text\":\"Hello\",\"pad\":\"ab\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"tex\":\"Hello\",\"pad\":\"ab\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":null,\"pad\":\"ab\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"a\\nb\",\"pad\":\"ab\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"a\nb\",\"pad\":\"ab\"}\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"pad\":\"ab\"}",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"pad\":\"ab\"}\r\r",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"pad\":\"ab",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"pad\":\"abc",
        " {\"id\" : \"x\\\"1\", \"n\":[1, null,{}],\"text\":\"Hello\",\"usage\":{},\"pad\":\"ab\"}\r",
      })
  void doesNotKnowWhatDiffersElsewhere(String other) {
    learn(EVENT, "\"Hello");

    assertThat(matches(other)).isFalse();
  }

  @Test
  void knowsNothingBeforeItHasLearnedAndForgets() {
    assertThat(matches("")).isFalse();
    assertThat(matches(EVENT)).isFalse();
    learn(EVENT, "\"Hello");
    learn("[\"a\"]", "\"a");
    assertThat(matches(EVENT)).isFalse();
    assertThat(matches("[\"b\"]")).isTrue();

    learn("{\"a\":1}", "\"a");
    assertThat(matches("{\"a\":1}")).as("a name is no value").isFalse();
  }

  @Test
  void doesNotLearnWhatHasMoreStringsThanItLooksAt() {
    String many = "[" + "\"x\",".repeat(40) + "\"Hello\"]";

    learn(many, "\"Hello");

    assertThat(matches(many)).isFalse();
  }

  private void learn(String text, String at) {
    byte[] bytes = text.getBytes(UTF_8);
    int index = text.substring(0, text.indexOf(at)).getBytes(UTF_8).length;
    byte[] room = new byte[JsonPattern.MOST_BYTES];
    System.arraycopy(bytes, 0, room, 0, bytes.length);
    pattern.learn(room, bytes.length, index);
  }

  private boolean matches(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return pattern.matches(bytes, bytes.length);
  }
}
