package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader.Reading;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiDemandTest {
  private static final long NONE = OutputCap.NONE;
  private static final String BODY =
      """
      {"model":"m","max_tokens":7,"n":2,"best_of":3,"prompt":["abc",[1,2],"d"],
       "prediction":{"type":"content","content":"é"},"tools":[{"type":"function"}],
       "messages":[{"content":[{"type":"text","text":"ef"},
         {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
         {"type":"image_url","image_url":"https://host/i.png"},
         {"type":"input_audio","input_audio":{"data":"BBBBBB","format":"wav"}}]}]}
      """;

  @Test
  void takesAPlainRequestForItsBytes() {
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"größe\"}]}";

    assertThat(read(body).prompt())
        .isEqualTo(new PromptSize(body.getBytes(UTF_8).length, 7, 1, 0, 0, false));
    assertThat(read(body).output()).isEqualTo(OutputCap.UNSAID);
  }

  @Test
  void countsEverythingThereIs() {
    OpenAiRequest request = read(BODY);

    int inline = "\"data:image/png;base64,AAAA\"".length() + "\"BBBBBB\"".length();
    int predicted = "{\"type\":\"content\",\"content\":\"é\"}".getBytes(UTF_8).length;
    int read = "abcdef".length() + 2 * 4 + "[{\"type\":\"function\"}]".length();
    assertThat(request.prompt())
        .isEqualTo(
            new PromptSize(
                BODY.getBytes(UTF_8).length - inline, read, 1, 2, "\"BBBBBB\"".length(), false));
    assertThat(request.output()).isEqualTo(new OutputCap(7, NONE, 3, 3, predicted));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"max_tokens\":5|5|-1",
        "\"max_completion_tokens\":5|-1|5",
        "\"max_tokens\":5,\"max_completion_tokens\":9|5|9",
        "\"max_tokens\":0|0|-1",
        "\"max_tokens\":null|-1|-1",
        "\"max_tokens\":-1|-1|-1",
        "\"max_tokens\":1e3|-1|-1",
        "\"max_tokens\":7.0|-1|-1",
        "\"max_tokens\":\"7\"|-1|-1",
        "\"max_tokens\":true|-1|-1",
        "\"max_tokens\":99999999999999999999|-1|-1",
        "\"messages\":[{\"max_tokens\":5}]|-1|-1",
      })
  void takesALengthThatIsNoWholeNumberForNone(String fields, long tokens, long completion) {
    OutputCap cap = read("{\"model\":\"m\"," + fields + "}").output();

    assertThat(cap.maxTokens()).isEqualTo(tokens);
    assertThat(cap.maxCompletionTokens()).isEqualTo(completion);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":2|2",
        "\"n\":128|128",
        "\"n\":null|1",
        "\"n\":2,\"best_of\":4|4",
        "\"best_of\":null|1"
      })
  void readsHowManyAnswersThereWillBe(String fields, int choices) {
    assertThat(read("{\"model\":\"m\"," + fields + "}").output().choices()).isEqualTo(choices);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"p\"',1",
    "'[]',1",
    "'[\"p\"]',1",
    "'[\"p\",\"q\"]',2",
    "'[1,2,3]',1",
    "'[[1,2],[3]]',2",
    "'null',1"
  })
  void readsHowManyPromptsThereAre(String prompt, int prompts) {
    assertThat(read("{\"model\":\"m\",\"prompt\":" + prompt + "}").output().prompts())
        .isEqualTo(prompts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":0|n|n must be a whole number from 1 to 128.",
        "\"n\":129|n|n must be a whole number from 1 to 128.",
        "\"n\":-1|n|n must be a whole number from 1 to 128.",
        "\"n\":2.0|n|n must be a whole number from 1 to 128.",
        "\"n\":\"2\"|n|n must be a whole number from 1 to 128.",
        "\"n\":[2]|n|n has the wrong type.",
        "\"n\":1,\"n\":2|n|n is given twice.",
        "\"n\":null,\"n\":2|n|n is given twice.",
        "\"best_of\":1000|best_of|best_of must be a whole number from 1 to 128.",
        "\"max_tokens\":1,\"Max_Tokens\":2|max_tokens|max_tokens is given twice.",
        "\"max_tokens\":{}|max_tokens|max_tokens has the wrong type.",
        "\"max_completion_tokens\":1,\"max_completion_tokens\":1|max_completion_tokens"
            + "|max_completion_tokens is given twice."
      })
  void refusesWhatAProviderMightReadAsMore(String fields, String param, String message) {
    GatewayError error = refused("{\"model\":\"m\"," + fields + "}");

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_VALUE);
    assertThat(error.param()).isEqualTo(param);
    assertThat(error.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"messages\":[{\"content\":[{\"type\":\"file\"}]}]",
        "\"messages\":[{\"content\":[{\"file\":{\"file_id\":\"f\"}}]}]",
        "\"messages\":[{\"content\":[{\"video_url\":{\"url\":\"https://host/v\"}}]}]",
        "\"messages\":[{\"content\":[{\"audio_url\":\"https://host/a\"}]}]",
        "\"messages\":[{\"content\":[{\"document_url\":\"https://host/d\"}]}]",
        "\"messages\":[{\"content\":[{\"type\":\"of the future\"}]}]",
        "\"messages\":[{\"audio\":{\"id\":\"a\"}}]",
        "\"tools\":[{\"type\":\"function\"},{\"type\":\"openrouter:web_search\"}]",
        "\"web_search_options\":{}",
        "\"plugins\":[{\"id\":\"web\"}]"
      })
  void knowsThatItCannotSeeAll(String fields) {
    assertThat(read("{\"model\":\"m\"," + fields + "}").prompt().unseen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"messages\":[{\"content\":\"data: file\"},{\"content\":null}]",
        "\"messages\":[{\"content\":[\"file\",{\"type\":\"text\",\"text\":\"file\"}]}]",
        "\"tools\":[{\"type\":\"custom\"}]",
        "\"web_search_options\":null",
        "\"plugins\":null",
        "\"file\":{}"
      })
  void seesAllOfAnOrdinaryRequest(String fields) {
    String body = "{\"model\":\"m\"," + fields + "}";

    assertThat(read(body).prompt().unseen()).isFalse();
    assertThat(read(body).prompt().textBytes()).isEqualTo(body.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"messages\":[{\"role\":\"user\",\"content\":\"gr\\u00f6\\u00dfe\"}]|7|1",
        "\"messages\":[{\"content\":[\"x\",{\"text\":\"abc\"}]},{\"content\":null}]|4|2",
        "\"messages\":[{\"tool_calls\":[{\"id\":\"x\"}]}]|12|1",
        "\"tools\":[{\"type\":\"function\"}],\"functions\":[{}],\"response_format\":{}|27|0",
        "\"input\":\"abc\"|3|0",
        "\"input\":[\"abc\",\"d\"]|4|0",
        "\"input\":[1,22,333]|12|0",
        "\"input\":[[1,22],[333]]|12|0",
        "\"prompt\":[[1,22],[333]]|12|0",
        "\"user\":\"somebody\",\"temperature\":1|0|0"
      })
  void measuresWhatAModelGetsToRead(String fields, long bytes, int messages) {
    PromptSize prompt = read("{\"model\":\"m\"," + fields + "}").prompt();

    assertThat(prompt.readBytes()).isEqualTo(bytes);
    assertThat(prompt.messages()).isEqualTo(messages);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"image_url\":{\"url\":\"DATA:x\"}}|8|1",
        "{\"image_url\":{\"url\":\"d\\u0061ta:x\"}}|13|1",
        "{\"image_url\":\"data:x\"}|8|1",
        "{\"image_url\":{\"url\":\"https://host/data:\"}}|0|1",
        "{\"file\":{\"file_data\":\"xyz\"}}|5|0",
        "{\"video_url\":{\"url\":\"data:x\"}}|8|0",
        "{\"text\":\"data:x\"}|0|0"
      })
  void leavesInlineMediaOutOfTheText(String part, int inline, int images) {
    String body = "{\"model\":\"m\",\"messages\":[{\"content\":[" + part + "]}]}";

    assertThat(read(body).prompt().textBytes()).isEqualTo(body.length() - inline);
    assertThat(read(body).prompt().images()).isEqualTo(images);
  }

  @Test
  void forgetsTheFormerRequestWhenReset() {
    OpenAiRequestReader reader = new OpenAiRequestReader();
    reading(reader, BODY.getBytes(UTF_8));
    reader.reset();

    assertThat(reading(reader, "{\"model\":\"m\"}".getBytes(UTF_8)))
        .isEqualTo(reading(new OpenAiRequestReader(), "{\"model\":\"m\"}".getBytes(UTF_8)));
  }

  @Test
  void saysTheSameWhereverTheBytesAreSplit() {
    byte[] bytes = BODY.getBytes(UTF_8);
    Reading whole = reading(new OpenAiRequestReader(), bytes);
    OpenAiRequestReader reader = new OpenAiRequestReader();
    for (int at = 0; at <= bytes.length; at++) {
      reader.reset();
      byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
      assertThat(reading(reader, Arrays.copyOf(bytes, at), tail))
          .as("split at %d", at)
          .isEqualTo(whole);
    }
  }

  @Property
  void saysTheSameOfADamagedBodyInPieces(@ForAll Random random) {
    byte[] bytes = BODY.getBytes(UTF_8);
    for (int i = random.nextInt(4); i > 0; i--) {
      bytes[random.nextInt(bytes.length)] = bytes[random.nextInt(bytes.length)];
    }
    int at = random.nextInt(bytes.length + 1);

    assertThat(
            reading(
                new OpenAiRequestReader(),
                Arrays.copyOf(bytes, at),
                Arrays.copyOfRange(bytes, at, bytes.length)))
        .isEqualTo(reading(new OpenAiRequestReader(), bytes));
  }

  private static OpenAiRequest read(String body) {
    return switch (reading(new OpenAiRequestReader(), body.getBytes(UTF_8))) {
      case Reading.Read(var request) -> request;
      case Reading.Refused(var error) -> throw new AssertionError(error.message());
    };
  }

  private static GatewayError refused(String body) {
    return switch (reading(new OpenAiRequestReader(), body.getBytes(UTF_8))) {
      case Reading.Read(var request) -> throw new AssertionError("was read: " + request);
      case Reading.Refused(var error) -> error;
    };
  }

  private static Reading reading(OpenAiRequestReader reader, byte[]... pieces) {
    for (byte[] piece : pieces) {
      reader.read(Unpooled.wrappedBuffer(piece));
    }
    return reader.finish();
  }
}
