package ai.oneflow.simulator;

import ai.oneflow.simulator.Draft.Part;
import ai.oneflow.simulator.recording.Body;
import ai.oneflow.simulator.recording.Interaction;
import ai.oneflow.simulator.recording.Recording;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Answers with what was recorded. A request belongs to the interaction with its method and path;
/// of several, to the one with the same JSON, `stream_options` aside, which a gateway adds. Of
/// equal ones each is served once, in recorded order, and then the last again.
final class Replay {
  /// Framing and hop-by-hop headers belong to the connection they were recorded on, and the bodies
  /// were decoded by the recorder.
  private static final Set<String> NOT_REPLAYED =
      Set.of(
          "content-length",
          "transfer-encoding",
          "content-encoding",
          "connection",
          "keep-alive",
          "set-cookie",
          "alt-svc",
          "date",
          "server",
          "upgrade",
          "trailer",
          "strict-transport-security");

  private final List<Interaction> interactions;
  private final JsonMapper json = new JsonMapper();
  private final Map<Interaction, Integer> served = new HashMap<>();

  Replay(List<Recording> recordings) {
    this.interactions =
        recordings.stream().flatMap(recording -> recording.interactions().stream()).toList();
  }

  boolean isEmpty() {
    return interactions.isEmpty();
  }

  Draft draft(ReceivedCall call) {
    List<Interaction> sameUrl =
        interactions.stream().filter(one -> call.is(one.method(), one.path())).toList();
    List<Interaction> candidates = sameUrl.size() > 1 ? sameBody(sameUrl, call.body()) : sameUrl;
    return candidates.isEmpty() ? unknown(call, sameUrl.size()) : draft(next(candidates));
  }

  private List<Interaction> sameBody(List<Interaction> among, Body body) {
    JsonNode wanted = comparable(body);
    return among.stream().filter(one -> comparable(one.requestBody()).equals(wanted)).toList();
  }

  private synchronized Interaction next(List<Interaction> candidates) {
    int least = candidates.stream().mapToInt(one -> served.getOrDefault(one, 0)).min().orElse(0);
    Interaction chosen =
        least > 0
            ? candidates.getLast()
            : candidates.stream().filter(one -> !served.containsKey(one)).findFirst().orElseThrow();
    served.merge(chosen, 1, Integer::sum);
    return chosen;
  }

  private JsonNode comparable(Body body) {
    try {
      JsonNode tree = json.readTree(body.text());
      if (tree instanceof ObjectNode object) {
        object.remove("stream_options");
      }
      return tree;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static Draft draft(Interaction recorded) {
    Map<String, String> headers = new LinkedHashMap<>();
    recorded
        .responseHeaders()
        .forEach(
            (name, values) -> {
              if (!NOT_REPLAYED.contains(name)) {
                headers.put(name, String.join(", ", values));
              }
            });
    List<Part> parts =
        recorded.responseBody().isEmpty()
            ? List.of()
            : List.of(new Part(recorded.responseBody(), 0));
    return new Draft(
        recorded.status(), headers, parts, recorded.isEventStream(), Draft.Said.NOTHING);
  }

  private static Draft unknown(ReceivedCall call, int sameUrl) {
    String message =
        "No recording answers %s %s: %s."
            .formatted(
                call.method(),
                call.path(),
                sameUrl == 0
                    ? "none has this method and path"
                    : sameUrl + " have this method and path, none this JSON body");
    return Draft.of(OpenAiError.invalid("", "no_recording", message));
  }
}
