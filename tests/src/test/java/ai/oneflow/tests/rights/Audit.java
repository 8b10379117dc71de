package ai.oneflow.tests.rights;

import ai.oneflow.tests.cluster.TestCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the API server wrote down of an operator's requests
/// (<https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/>).
public record Audit(List<JsonNode> events) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> WRITING = Set.of("create", "update", "patch", "delete");

  /// What there is so far.
  public static Audit read(TestCluster cluster) throws IOException {
    Path log = cluster.kubeconfig().resolveSibling("logs").resolve("audit.log");
    List<JsonNode> events = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      events.add(JSON.readTree(line));
    }
    return new Audit(events);
  }

  /// Writes so far, by resource, with its part behind a slash.
  public Map<String, Long> writes() {
    Map<String, Long> writes = new TreeMap<>();
    for (JsonNode event : events) {
      if (WRITING.contains(event.path("verb").asText())) {
        writes.merge(resource(event.path("objectRef")), 1L, Long::sum);
      }
    }
    return writes;
  }

  /// Each right that a request needed and had.
  Set<Right> used() {
    Set<Right> used = new TreeSet<>();
    for (JsonNode event : events) {
      if (event.has("objectRef") && isAllowed(event)) {
        used.add(right(event, event.path("verb").asText()));
        if (createsByApplying(event)) {
          used.add(right(event, "create"));
        }
      }
    }
    return used;
  }

  /// What was asked for and forbidden.
  List<String> forbidden() {
    return events.stream()
        .filter(event -> !isAllowed(event))
        .map(event -> event.path("verb").asText() + " " + event.path("requestURI").asText())
        .distinct()
        .toList();
  }

  private static boolean isAllowed(JsonNode event) {
    String decision = event.path("annotations").path("authorization.k8s.io/decision").asText();
    return !decision.equals("forbid");
  }

  /// Who applies what is not there needs both rights.
  private static boolean createsByApplying(JsonNode event) {
    return event.path("verb").asText().equals("patch")
        && event.path("responseStatus").path("code").asInt() == HttpURLConnection.HTTP_CREATED;
  }

  private static Right right(JsonNode event, String verb) {
    JsonNode object = event.path("objectRef");
    return new Right(
        object.path("apiGroup").asText(), resource(object), object.path("name").asText(), verb);
  }

  private static String resource(JsonNode object) {
    String part = object.path("subresource").asText();
    return object.path("resource").asText() + (part.isEmpty() ? "" : "/" + part);
  }
}
