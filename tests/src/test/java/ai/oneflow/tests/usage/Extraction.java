package ai.oneflow.tests.usage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds usage in a tree as a table's extractor says, so in another way than the gateway does: a
/// root, and paths below it whose numbers are added up by name.
final class Extraction {
  private final JsonNode extractor;

  Extraction(JsonNode extractor) {
    this.extractor = extractor;
  }

  /// The figures of the last of these texts that has all that must be there.
  Optional<Tokens> ofLast(List<JsonNode> texts) {
    return texts.reversed().stream().flatMap(text -> of(text).stream()).findFirst();
  }

  /// What an event or a message wraps is looked into as the answer itself.
  private Optional<Tokens> of(JsonNode text) {
    return List.of(text, text.path("response"), text.path("message"), text.path("delta")).stream()
        .map(body -> at(body, extractor.path("root")))
        .filter(JsonNode::isObject)
        .findFirst()
        .flatMap(this::sums)
        .map(Tokens::of);
  }

  private Optional<Map<String, Long>> sums(JsonNode root) {
    Map<String, Long> sums = new LinkedHashMap<>();
    for (JsonNode mapping : extractor.path("mappings")) {
      JsonNode found = at(root, mapping.path("path"));
      if (found.isNumber()) {
        sums.merge(mapping.path("dest").asText(), found.longValue(), Long::sum);
      } else if (mapping.path("required").asBoolean()) {
        return Optional.empty();
      }
    }
    return Optional.of(sums);
  }

  private static JsonNode at(JsonNode node, JsonNode path) {
    if (path.isTextual()) {
      return node.path(path.asText());
    }
    JsonNode here = node;
    for (JsonNode step : path) {
      here = step.isTextual() ? here.path(step.asText()) : matching(here, step);
    }
    return here;
  }

  private static JsonNode matching(JsonNode array, JsonNode step) {
    String wanted = step.path("match").path("equals").asText();
    String field = step.path("field").asText();
    return array
        .valueStream()
        .filter(element -> element.path(field).asText().equals(wanted))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }
}
