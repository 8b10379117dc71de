package ai.oneflow.simulator.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads one interaction of a cassette in either of the two shapes that recorders write: bodies as
/// strings under `url`, or `parsed_body` and `body.string` under `uri`.
final class InteractionReader {
  private final JsonMapper json;

  InteractionReader(JsonMapper json) {
    this.json = json;
  }

  /// WebSocket frames and gRPC samples are kept in the same list, under other names.
  static boolean isHttp(JsonNode interaction) {
    return interaction.has("request") && interaction.has("response");
  }

  Interaction read(JsonNode interaction) {
    JsonNode request = interaction.get("request");
    JsonNode response = interaction.get("response");
    String uri = request.has("uri") ? request.get("uri").asText() : request.path("url").asText();
    return new Interaction(
        request.path("method").asText(),
        URI.create(uri.replace(" ", "%20")),
        body(request),
        status(response),
        headers(response.path("headers")),
        body(response));
  }

  private static int status(JsonNode response) {
    JsonNode status = response.path("status");
    return status.isObject() ? status.path("code").asInt() : response.path("code").asInt();
  }

  private Body body(JsonNode message) {
    if (message.has("parsed_body")) {
      return Body.ofText(write(message.get("parsed_body")));
    }
    JsonNode body = message.path("body");
    return text(body.isObject() ? body.path("string") : body);
  }

  private static Body text(JsonNode body) {
    try {
      return body.isBinary() ? Body.of(body.binaryValue()) : Body.ofText(body.asText(""));
    } catch (IOException e) {
      throw new UncheckedIOException("a recorded binary body cannot be decoded", e);
    }
  }

  private String write(JsonNode value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a recorded body cannot be written as JSON", e);
    }
  }

  private static Map<String, List<String>> headers(JsonNode headers) {
    Map<String, List<String>> read = new LinkedHashMap<>();
    headers
        .properties()
        .forEach(
            header -> {
              List<String> values = new ArrayList<>();
              header.getValue().forEach(value -> values.add(value.asText()));
              read.put(header.getKey(), values);
            });
    return read;
  }
}
