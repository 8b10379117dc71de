package ai.oneflow.tests.dataplane;

import ai.oneflow.simulator.recording.Interaction;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;

/// What a caller must get of a recorded answer, and what the provider said it used; worked out with
/// a JSON tree and whole strings, so in another way than the gateway does it.
///
/// @param body without the event that carries usage alone, where the caller had not asked for it
/// @param usage the last usage object; missing where there is none
record Expected(String body, JsonNode usage) {
  private static final JsonMapper JSON = new JsonMapper();

  static Expected of(Interaction recorded) throws IOException {
    String body = recorded.responseBody().text();
    if (!recorded.isEventStream()) {
      JsonNode answer = JSON.readTree(body);
      return new Expected(
          body,
          recorded.status() == 200 ? object(answer.path("usage")) : MissingNode.getInstance());
    }
    JsonNode request = JSON.readTree(recorded.requestBody().text());
    boolean asked = request.path("stream_options").path("include_usage").asBoolean();
    return ofStream(body, asked);
  }

  private static Expected ofStream(String body, boolean asked) throws IOException {
    StringBuilder passed = new StringBuilder();
    JsonNode usage = MissingNode.getInstance();
    for (String event : body.split("(?<=\n\n)|(?<=\r\n\r\n)", -1)) {
      JsonNode data = data(event);
      JsonNode figures = object(data.path("usage"));
      usage = figures.isObject() ? figures : usage;
      boolean alone =
          figures.isObject() && data.path("choices").isArray() && data.path("choices").isEmpty();
      if (asked || !alone) {
        passed.append(event);
      }
    }
    return new Expected(passed.toString(), usage);
  }

  private static JsonNode data(String event) throws IOException {
    String text = event.strip();
    return text.startsWith("data:") && !text.endsWith("[DONE]")
        ? JSON.readTree(text.substring("data:".length()))
        : MissingNode.getInstance();
  }

  private static JsonNode object(JsonNode node) {
    return node.isObject() ? node : MissingNode.getInstance();
  }
}
