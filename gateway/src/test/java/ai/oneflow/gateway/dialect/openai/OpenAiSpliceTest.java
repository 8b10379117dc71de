package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OpenAiSpliceTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> OPTIONS =
      List.of(
          "{}",
          "{ }",
          "null",
          "{\"include_usage\":true}",
          "{\"include_usage\": false}",
          "{\"include_usage\":null,\"x\":1}",
          "{\"x\":[1],\"include_usage\":false}",
          "{\"x\":{\"include_usage\":false}}");
  private static final List<String> MODELS =
      List.of("gpt-4o-2024-08-06", "a", "with \"quotes\" and \\", "日本語-😀");

  /// Every way to send stream options, before and after the model, close together and apart.
  static Stream<String> bodies() {
    List<String> bodies = new ArrayList<>();
    bodies.add("{\"model\":\"smart\",\"stream\":true}");
    bodies.add(" { \"stream\" : true , \"model\" : \"smart\" } ");
    bodies.add(
        "{\"model\":\"smart\",\"stream\":false,\"stream_options\":{\"include_usage\":false}}");
    for (String options : OPTIONS) {
      bodies.add("{\"model\":\"smart\",\"stream\":true,\"stream_options\":" + options + "}");
      bodies.add("{\"stream_options\": " + options + ", \"stream\": true, \"model\": \"smart\"}");
      bodies.add("{\"stream_options\":" + options + ",\"model\":\"sm\\u0061rt\",\"stream\":true}");
    }
    return bodies.stream();
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void makesTheIntendedEditAndNoOther(String body) throws JsonProcessingException {
    for (String model : MODELS) {
      String spliced = splice(body, model);

      assertThat(JSON.readTree(spliced)).isEqualTo(intended(body, model));
    }
  }

  private static JsonNode intended(String body, String model) throws JsonProcessingException {
    ObjectNode intended = (ObjectNode) JSON.readTree(body);
    intended.put("model", model);
    if (intended.path("stream").asBoolean()) {
      ObjectNode options =
          intended.get("stream_options") instanceof ObjectNode given
              ? given
              : intended.putObject("stream_options");
      options.put("include_usage", true);
    }
    return intended;
  }

  @Test
  void leavesEveryByteOfABodyThatNeedsNoEdit() {
    String body = "{ \"model\":\t\"smart\",\"messages\":[ {\"content\":\"\\u00e9 é\"} ] }\n";

    assertThat(splice(body, "smart")).isEqualTo(body);
  }

  @Test
  void leavesEveryByteAroundItsEdits() {
    assertThat(splice("{ \"a\": 1e0,\"model\" :\"smart\" ,\"z\":[ ] }", "m"))
        .isEqualTo("{ \"a\": 1e0,\"model\" :\"m\" ,\"z\":[ ] }");
  }

  private static String splice(String text, String model) {
    OpenAiRequestReader reader = new OpenAiRequestReader();
    ByteBuf body = Unpooled.copiedBuffer("head" + text, UTF_8).skipBytes("head".length());
    reader.read(body);
    if (!(reader.finish() instanceof OpenAiRequestReader.Reading.Read(OpenAiRequest request))) {
      throw new AssertionError("not read: " + text);
    }
    OpenAiSplice splice = OpenAiSplice.of(request, model);
    ByteBuf out = Unpooled.buffer();
    splice.write(body, out);
    assertThat(splice.lengthOf(body.readableBytes())).isEqualTo(out.readableBytes());
    return out.toString(UTF_8);
  }
}
