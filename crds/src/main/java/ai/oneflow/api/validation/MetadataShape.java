package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// The types of metadata, which no schema describes. `kubectl` fails at the first that is wrong,
/// before anybody looks at the rest.
final class MetadataShape {
  private static final String MAP = "map[string]string";

  private MetadataShape() {}

  static void check(ObjectNode content, Findings findings) {
    JsonNode metadata = content.path("metadata");
    if (!metadata.isObject() && !isAbsent(metadata)) {
      wrong("metadata", metadata, "metadataOnlyObject.metadata of type v1.ObjectMeta", findings);
    }
    for (String field : List.of("name", "generateName", "namespace")) {
      text("metadata." + field, "metadata." + field, metadata.path(field), findings);
    }
    for (String field : List.of("labels", "annotations")) {
      map("metadata." + field, metadata.path(field), findings);
    }
  }

  private static void map(String path, JsonNode map, Findings findings) {
    if (!map.isObject() && !isAbsent(map)) {
      wrong(path, map, "ObjectMeta." + path + " of type " + MAP, findings);
    }
    map.properties()
        .forEach(entry -> text(path + "." + entry.getKey(), path, entry.getValue(), findings));
  }

  private static void text(String path, String field, JsonNode value, Findings findings) {
    if (!value.isTextual() && !isAbsent(value)) {
      wrong(path, value, "ObjectMeta." + field + " of type string", findings);
    }
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static void wrong(String path, JsonNode value, String wanted, Findings findings) {
    String actual =
        switch (value.getNodeType()) {
          case STRING -> "string";
          case NUMBER -> "number";
          case BOOLEAN -> "bool";
          case ARRAY -> "array";
          default -> "object";
        };
    findings.add(path, "json: cannot unmarshal " + actual + " into Go struct field " + wanted);
  }
}
