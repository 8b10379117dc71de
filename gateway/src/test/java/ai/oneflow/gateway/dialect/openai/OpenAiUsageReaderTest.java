package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiUsageReaderTest {

  @Test
  void readsEveryFigure() {
    OpenAiUsageReader reader =
        read(
            """
            {"choices": [{"finish_reason": "stop", "message": {"content": "usage"}}],
             "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150,
               "prompt_tokens_details": {"cached_tokens": 30, "audio_tokens": 7},
               "completion_tokens_details": {"reasoning_tokens": 20, "audio_tokens": 9}}}
            """);

    assertThat(reader.complete()).isTrue();
    assertThat(reader.usage()).contains(new Usage(100, 30, 0, 0, 7, 50, 20, 9));
    assertThat(reader.finished()).isTrue();
    assertThat(reader.error()).isFalse();
    assertThat(reader.isUsageAlone()).isFalse();
  }

  @Test
  void takesAMissingFigureForZero() {
    assertThat(read("{\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}").usage())
        .contains(new Usage(8, 0, 0, 0, 0, 0, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "{}", "[]", "{\"prompt_tokens\":null}", "{\"total_tokens\":0}"})
  void takesNoFiguresForNone(String usage) {
    OpenAiUsageReader reader = read("{\"usage\":" + usage + "}");

    assertThat(reader.complete()).isTrue();
    assertThat(reader.usage()).isEmpty();
  }

  @Test
  void givesNoFiguresBeforeItHasThemAll() {
    assertThat(read("{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3").usage()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"\"stop\",true", "\"\",false", "null,false"})
  void findsTheEndInAReasonThatIsOne(String reason, boolean finished) {
    assertThat(read("{\"choices\":[{\"finish_reason\":" + reason + "}]}").finished())
        .isEqualTo(finished);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "1.5",
        "10.50",
        "-0.0",
        "1e3",
        "1.0e3",
        "\"7\"",
        "true",
        "1000000000001",
        "9999999999999999999",
        "123456789012345678901234567890"
      })
  void findsAFigureThatIsNoCountUnreadableRatherThanZero(String figure) {
    OpenAiUsageReader reader =
        read("{\"usage\":{\"prompt_tokens\":" + figure + ",\"completion_tokens\":5}}");

    assertThat(reader.complete()).isTrue();
    assertThat(reader.usage()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"12.0,12", "100.00,100", "0.0,0", "7,7"})
  void readsAWholeNumberWrittenAsADecimal(String figure, long count) {
    assertThat(read("{\"usage\":{\"prompt_tokens\":" + figure + "}}").usage())
        .contains(new Usage(count, 0, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void findsNoUsageInsideAMessage() {
    assertThat(read("{\"choices\":[{\"usage\":{\"prompt_tokens\":5}}]}").usage()).isEmpty();
  }

  @Test
  void knowsTheEventThatCarriesUsageAlone() {
    assertThat(read("{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}").isUsageAlone()).isTrue();
    assertThat(read("{\"choices\":[],\"usage\":null}").isUsageAlone()).isFalse();
    assertThat(read("{\"usage\":{\"prompt_tokens\":1}}").isUsageAlone()).isFalse();
    assertThat(read("{\"choices\":[{}],\"usage\":{\"prompt_tokens\":1}}").isUsageAlone()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"error\":{\"message\":\"m\"}}", "{\"error\":\"m\"}"})
  void knowsAnErrorInThePlaceOfAnAnswer(String text) {
    assertThat(read(text).error()).isTrue();
  }

  @Test
  void takesANullForNoErrorAndNoEnd() {
    OpenAiUsageReader reader = read("{\"error\":null,\"choices\":[{\"finish_reason\":null}]}");

    assertThat(reader.error()).isFalse();
    assertThat(reader.finished()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"usage\":{\"prompt_tokens\":1}", "<html>"})
  void knowsThatATextIsNotComplete(String text) {
    assertThat(read(text).complete()).isFalse();
  }

  @Test
  void forgetsTheFormerTextWhenReset() {
    OpenAiUsageReader reader =
        read("{\"usage\":{\"prompt_tokens\":-4},\"error\":1,\"choices\":[]}");

    reader.reset();
    reader.read(Unpooled.copiedBuffer("{\"usage\":{\"completion_tokens\":2}}", UTF_8));

    assertThat(reader.usage()).contains(new Usage(0, 0, 0, 0, 0, 2, 0, 0));
    assertThat(reader.error()).isFalse();
    assertThat(reader.isUsageAlone()).isFalse();
  }

  private static OpenAiUsageReader read(String text) {
    OpenAiUsageReader reader = new OpenAiUsageReader();
    reader.reset();
    reader.read(Unpooled.copiedBuffer(text, UTF_8));
    return reader;
  }
}
