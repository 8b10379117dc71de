package ai.oneflow.tests.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Manifests as trees, by kind, namespace and name: in which order they and their fields were
/// written does not matter, nor does that of lists whose elements have names.
final class Rendered {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Rendered() {}

  static Map<String, JsonNode> of(String manifests) {
    Map<String, JsonNode> objects = new TreeMap<>();
    for (String manifest : manifests.split("(?m)^---\\s*$", -1)) {
      // Through the client's own mapper, whose YAML is the API server's.
      Object tree = Serialization.unmarshal(manifest.isBlank() ? "{}" : manifest, Object.class);
      if (tree instanceof Map<?, ?> map && !map.isEmpty()) {
        JsonNode object = sorted(JSON.valueToTree(tree));
        objects.put(
            "%s %s/%s"
                .formatted(
                    object.path("kind").asText(),
                    object.path("metadata").path("namespace").asText(),
                    object.path("metadata").path("name").asText()),
            object);
      }
    }
    return objects;
  }

  private static JsonNode sorted(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> sorted(field.getValue()));
    }
    if (node instanceof ArrayNode array) {
      List<JsonNode> elements = new ArrayList<>();
      array.forEach(element -> elements.add(sorted(element)));
      if (elements.stream().allMatch(element -> element.has("name"))) {
        elements.sort(Comparator.comparing(element -> element.get("name").asText()));
        array.removeAll();
        array.addAll(elements);
      }
    }
    return node;
  }
}
