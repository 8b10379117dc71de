package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.tokens.OutputRoom;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a model wrote, as it is measured on the way.
final class OpenAiOutputTest {
  private static final String STREAM =
      """
      data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

      data: {"choices":[{"index":0,"delta":{"content":"Gr\\u00fc\\u00dfe"}}]}

      data: {"choices":[{"index":0,"delta":{"content":"né"}},{"index":1,"delta":{"content":"x"}}]}

      data: {"choices":[{"index":0,"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}

      data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  @Test
  void countsTheSameInWhateverPiecesAStreamComes() {
    byte[] bytes = STREAM.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      OpenAiStreamReader reader = new OpenAiStreamReader(false);
      reader.read(Unpooled.wrappedBuffer(bytes, 0, split));
      reader.read(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));

      assertThat(reader.output()).as("split at %s", split).isEqualTo(new OutputSize(14, 4));
    }
  }

  @Test
  void keepsTheTextInWhateverPiecesAStreamComes() {
    byte[] bytes = STREAM.getBytes(UTF_8);
    for (int split = 0; split <= bytes.length; split++) {
      AnswerText text = new AnswerText();
      OpenAiStreamReader reader = new OpenAiStreamReader(false, text, OutputRoom.ENDLESS);
      reader.read(Unpooled.wrappedBuffer(bytes, 0, split));
      reader.read(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));

      assertThat(text).as("split at %s", split).hasToString("Grüßenéxf{}");
    }
  }

  @Test
  void keepsTheBeginningOfALongText() {
    String hundred = "0123456789".repeat(10);
    String event = "data: {\"choices\":[{\"delta\":{\"content\":\"" + hundred + "\"}}]}\n\n";
    AnswerText text = new AnswerText();
    OpenAiStreamReader reader = new OpenAiStreamReader(false, text, OutputRoom.ENDLESS);
    for (int i = 0; i < 100; i++) {
      reader.read(Unpooled.copiedBuffer(event, UTF_8));
    }

    assertThat(text.toString()).hasSize(AnswerText.MOST_BYTES).startsWith("01234567890123");
    assertThat(reader.output()).isEqualTo(new OutputSize(10_000, 100));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"choices\":[{\"message\":{\"content\":\"four\"}}]} | 4 | 1",
        "{\"choices\":[{\"message\":{\"content\":\"a\",\"refusal\":\"bc\"}}]} | 3 | 1",
        "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"ab\"}]}}]} | 2 | 1",
        "{\"choices\":[{\"message\":{\"reasoning\":\"ab\",\"reasoning_content\":\"abc\"}}]} | 3 | 1",
        "{\"choices\":[{\"text\":\"old\"},{\"text\":\"er\"}]} | 5 | 2",
        "{\"choices\":[{\"message\":{\"content\":null}}]} | 0 | 0",
        "{\"message\":{\"content\":\"no choice\"}} | 0 | 0",
      })
  void countsWhatAnAnswerHolds(String json, long bytes, long pieces) {
    OpenAiUsageReader reader = new OpenAiUsageReader();
    reader.reset();

    reader.read(Unpooled.copiedBuffer(json, UTF_8));

    assertThat(reader.output()).isEqualTo(new OutputSize(bytes, pieces));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"content\":\"half a | 6",
        "\"reasoning\":\"abcd\",\"reasoning_content\":\"ab | 4",
        "\"reasoning_content\":\"abc\",\"reasoning\":\"abcd | 4",
        "\"reasoning\":\"ab\",\"content\":\"half | 6",
      })
  void countsATextThatHasNotEnded(String members, long bytes) {
    OpenAiUsageReader reader = new OpenAiUsageReader();
    reader.reset();

    reader.read(Unpooled.copiedBuffer("{\"choices\":[{\"message\":{" + members, UTF_8));

    assertThat(reader.output().bytes()).isEqualTo(bytes);
  }
}
