package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Fills in what a manifest left out and the schema knows. A field that is `null` counts as left
/// out, whether it has a default or not; an element of a list that is `null` is a mistake.
final class Defaults {
  private Defaults() {}

  static void fillIn(JsonNode value, Schema schema) {
    if (value instanceof ObjectNode object) {
      object.properties().removeIf(field -> field.getValue().isNull());
      schema.properties().forEach((name, property) -> fillIn(object, name, property));
      object
          .properties()
          .forEach(f -> schema.field(f.getKey()).ifPresent(s -> fillIn(f.getValue(), s)));
    }
    if (value.isArray()) {
      schema.items().ifPresent(items -> value.forEach(element -> fillIn(element, items)));
    }
  }

  private static void fillIn(ObjectNode object, String name, Schema property) {
    if (!object.has(name)) {
      property.fallback().ifPresent(fallback -> object.set(name, fallback.deepCopy()));
    }
  }
}
