package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.StreamOptions;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader.Reading;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiRequestReaderTest {

  @Test
  void readsModelAndWhereItStands() {
    OpenAiRequest request = read("{ \"model\": \"gpt-4o\", \"messages\": [{\"model\": 1}]}");

    assertThat(request.model()).isEqualTo("gpt-4o");
    assertThat(request.modelAt()).isEqualTo(new Span(11, 19));
    assertThat(request.objectStart()).isEqualTo(1);
    assertThat(request.stream()).isFalse();
    assertThat(request.usage()).isEqualTo(new StreamOptions.Absent());
  }

  @Test
  void seesThroughEscapesInNamesAndValues() {
    OpenAiRequest request = read("{\"mod\\u0065l\":\"gpt\\u002d4o\",\"str\\u0065am\":true}");

    assertThat(request.model()).isEqualTo("gpt-4o");
    assertThat(request.stream()).isTrue();
  }

  @Test
  void readsNamesInEitherCaseAsSomeProvidersDo() {
    assertThat(read("{\"MODEL\":\"m\",\"Stream\":true}").stream()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"true,true", "false,false", "null,false"})
  void readsStream(String value, boolean stream) {
    assertThat(read("{\"model\":\"m\",\"stream\":" + value + "}").stream()).isEqualTo(stream);
  }

  @Test
  void seesThatUsageIsAskedFor() {
    OpenAiRequest request = withOptions("{\"include_usage\":true}");

    assertThat(request.usage()).isEqualTo(new StreamOptions.Requested());
    assertThat(request.usageRequested()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"false,5", "null,4"})
  void findsTheValueThatDeclinesUsage(String value, int length) {
    assertThat(withOptions("{\"include_usage\":" + value + "}").usage())
        .isEqualTo(new StreamOptions.Declined(new Span(47, 47 + length), false));
  }

  @Test
  void findsOptionsThatAreNull() {
    assertThat(withOptions("null").usage())
        .isEqualTo(new StreamOptions.Declined(new Span(30, 34), true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{}|true", "{ }|true", "{\"x\":{\"include_usage\":true}}|false"})
  void findsOptionsWithoutUsage(String options, boolean empty) {
    assertThat(withOptions(options).usage()).isEqualTo(new StreamOptions.WithoutUsage(31, empty));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|model|You must provide a model parameter.",
        "{\"model\":7}|model|model must be a string.",
        "{\"model\":null}|model|model must be a string.",
        "{\"model\":[]}|model|model has the wrong type.",
        "{\"model\":{}}|model|model has the wrong type.",
        "{\"model\":\"\"}|model|model must have 1 to 512 bytes.",
        "{\"model\":\"a\",\"model\":\"b\"}|model|model is given twice.",
        "{\"model\":\"a\",\"mod\\u0065l\":\"b\"}|model|model is given twice.",
        "{\"model\":\"a\",\"Model\":\"b\"}|model|model is given twice.",
        "{\"model\":\"a\",\"stream\":1}|stream|stream must be true or false.",
        "{\"model\":\"a\",\"stream\":\"true\"}|stream|stream must be true or false.",
        "{\"model\":\"a\",\"stream\":{}}|stream|stream has the wrong type.",
        "{\"model\":\"a\",\"stream\":true,\"stream\":false}|stream|stream is given twice.",
        "{\"model\":\"a\",\"stream_options\":1}|stream_options|stream_options must be an object.",
        "{\"model\":\"a\",\"stream_options\":[]}|stream_options|stream_options has the wrong type.",
        "{\"model\":\"a\",\"stream_options\":{},\"stream_options\":{}}|stream_options|stream_options"
            + " is given twice.",
        "{\"model\":\"a\",\"stream_options\":null,\"stream_options\":{}}|stream_options|stream_options"
            + " is given twice.",
        "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true},\"stream_options\":null}|stream_options|stream_options"
            + " is given twice.",
        "{\"model\":\"a\",\"stream_options\":{\"include_usage\":1}}|stream_options.include_usage|stream_options.include_usage"
            + " must be true or false.",
        "{\"model\":\"a\",\"stream_options\":{\"include_usage\":{}}}|stream_options.include_usage|stream_options.include_usage"
            + " has the wrong type.",
        "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true,\"include_usage\":false}}|stream_options.include_usage|stream_options.include_usage"
            + " is given twice.",
      })
  void refusesWhatAProviderMightReadOtherwise(String body, String param, String message) {
    GatewayError error = refused(body);

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_VALUE);
    assertThat(error.param()).isEqualTo(param);
    assertThat(error.message()).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"model\"", "7", "null", "[{\"model\":\"a\"}]"})
  void refusesWhatIsNoObject(String body) {
    assertThat(refused(body).message()).isEqualTo("The body must be a JSON object.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"model\":\"a\"", "{\"model\":\"a\"}}", "<html>"})
  void refusesWhatIsNoJson(String body) {
    GatewayError error = refused(body);

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_JSON);
    assertThat(error.message()).startsWith("The body could not be read as JSON: ");
  }

  @Test
  void refusesAModelNameBeyondItsBound() {
    assertThat(refused("{\"model\":\"" + "m".repeat(513) + "\"}").param()).isEqualTo("model");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":false}}",
        "{\"model\":7, oops",
        "{\"model\":\"a\",\"model\":\"b\"}x",
        "{\"stream\":1,\"model\":\"a\"",
      })
  void saysTheSameWhereverTheBytesAreSplit(String body) {
    Reading whole = reading(new OpenAiRequestReader(), body);
    OpenAiRequestReader reader = new OpenAiRequestReader();
    for (int at = 0; at <= body.length(); at++) {
      reader.reset();
      assertThat(reading(reader, body.substring(0, at), body.substring(at)))
          .as("split at %d", at)
          .isEqualTo(whole);
    }
  }

  private static OpenAiRequest withOptions(String options) {
    return read("{\"model\":\"m\",\"stream_options\":" + options + "}");
  }

  private static OpenAiRequest read(String body) {
    return switch (reading(new OpenAiRequestReader(), body)) {
      case Reading.Read(var request) -> request;
      case Reading.Refused(var error) -> throw new AssertionError(error.message());
    };
  }

  private static GatewayError refused(String body) {
    return switch (reading(new OpenAiRequestReader(), body)) {
      case Reading.Read(var request) -> throw new AssertionError("was read: " + request);
      case Reading.Refused(var error) -> error;
    };
  }

  private static Reading reading(OpenAiRequestReader reader, String... pieces) {
    for (String piece : pieces) {
      reader.read(Unpooled.copiedBuffer(piece, UTF_8));
    }
    return reader.finish();
  }
}
