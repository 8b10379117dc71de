package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenAiTextsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"gr\\u00f6\"},{\"content\":\"b\"}]}|grö,b",
        "{\"messages\":[{\"content\":[{\"type\":\"text\",\"text\":\"a\"},\"b\",{\"text\":7}]}]}|a,b",
        "{\"messages\":[{\"content\":[{\"image_url\":{\"url\":\"data:\"}}]}]}|''",
        "{\"prompt\":\"a\"}|a",
        "{\"prompt\":[\"a\",\"b\"]}|a,b",
        "{\"prompt\":[[1,2]]}|''",
        "{\"input\":[\"a\",\"b\"]}|a,b",
        "{\"tools\":[{\"type\":\"function\"}],\"messages\":{\"content\":1}}|''",
        "[]|''",
        "{|''",
        "<html>|''"
      })
  void takesTheTextsOfARequest(String body, String texts) {
    ByteBuf buffer = Unpooled.copiedBuffer(body, UTF_8);

    assertThat(String.join(",", OpenAiTexts.ofRequest(buffer))).isEqualTo(texts);
    assertThat(buffer.readableBytes()).isEqualTo(body.getBytes(UTF_8).length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"choices\":[{\"message\":{\"content\":\"a\"}},{\"message\":{\"content\":\"b\"}}]}|a,b",
        "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"no\"}}]}|no",
        "{\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}}]}|a",
        "{\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}|f,{}",
        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}}]}|f,{}",
        "{\"choices\":[{\"text\":\"old\"}]}|old",
        "{\"choices\":{\"text\":1}}|''",
        "{\"error\":\"a\"}|''",
        "[|''"
      })
  void takesTheTextsOfAnAnswer(String body, String texts) {
    assertThat(String.join(",", OpenAiTexts.ofAnswer(Unpooled.copiedBuffer(body, UTF_8))))
        .isEqualTo(texts);
  }

  @Property
  void takesWhateverItIsGiven(@ForAll Random random) {
    byte[] bytes =
        "{\"messages\":[{\"content\":[{\"text\":\"a\"}]}],\"input\":[1]}".getBytes(UTF_8);
    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);

    assertThat(OpenAiTexts.ofRequest(Unpooled.wrappedBuffer(bytes)).size()).isLessThan(3);
  }
}
