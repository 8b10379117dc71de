package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// A structural schema of a CRD: the part of OpenAPI that this project's resources use.
///
/// @param type `object`, `array`, `string`, `integer`, `number`, `boolean`, or empty for anything
/// @param values of a map; present only where there are no properties
/// @param fallback the default
record Schema(
    String type,
    boolean intOrString,
    Map<String, Schema> properties,
    List<String> required,
    Optional<Schema> values,
    Optional<Schema> items,
    Optional<JsonNode> fallback,
    List<JsonNode> allowed,
    Optional<Pattern> pattern,
    Range number,
    Range size,
    List<String> listKeys,
    boolean set,
    List<Rule> rules) {

  /// Bounds of a number, or of the size of a text, list or map; both included.
  record Range(OptionalDouble least, OptionalDouble most) {
    static Range of(JsonNode schema, String least, String most) {
      return new Range(bound(schema, least), bound(schema, most));
    }

    private static OptionalDouble bound(JsonNode schema, String name) {
      return schema.has(name)
          ? OptionalDouble.of(schema.get(name).doubleValue())
          : OptionalDouble.empty();
    }

    OptionalLong wholeLeast() {
      return least.isPresent() ? OptionalLong.of((long) least.getAsDouble()) : OptionalLong.empty();
    }

    OptionalLong wholeMost() {
      return most.isPresent() ? OptionalLong.of((long) most.getAsDouble()) : OptionalLong.empty();
    }
  }

  /// A rule in CEL, and what a person is told who breaks it.
  record Rule(String expression, String message) {
    /// Compares with the object before the change.
    boolean isTransition() {
      return expression.contains("oldSelf");
    }
  }

  static Schema parse(JsonNode schema) {
    String type = schema.path("type").asText();
    return new Schema(
        type,
        schema.path("x-kubernetes-int-or-string").asBoolean(),
        properties(schema.path("properties")),
        texts(schema.path("required")),
        child(schema, "additionalProperties"),
        child(schema, "items"),
        Optional.ofNullable(schema.get("default")),
        List.copyOf(schema.path("enum").valueStream().toList()),
        Optional.ofNullable(schema.get("pattern")).map(JsonNode::asText).map(Pattern::compile),
        Range.of(schema, "minimum", "maximum"),
        sizeOf(type, schema),
        texts(schema.path("x-kubernetes-list-map-keys")),
        schema.path("x-kubernetes-list-type").asText().equals("set"),
        schema
            .path("x-kubernetes-validations")
            .valueStream()
            .map(rule -> new Rule(rule.path("rule").asText(), rule.path("message").asText()))
            .toList());
  }

  /// The schema of a field; empty where there is none of that name.
  Optional<Schema> field(String name) {
    return Optional.ofNullable(properties.get(name)).or(() -> values);
  }

  private static Range sizeOf(String type, JsonNode schema) {
    return switch (type) {
      case "string" -> Range.of(schema, "minLength", "maxLength");
      case "array" -> Range.of(schema, "minItems", "maxItems");
      default -> Range.of(schema, "minProperties", "maxProperties");
    };
  }

  private static Map<String, Schema> properties(JsonNode properties) {
    Map<String, Schema> parsed = new HashMap<>();
    properties.properties().forEach(p -> parsed.put(p.getKey(), parse(p.getValue())));
    return Map.copyOf(parsed);
  }

  private static Optional<Schema> child(JsonNode schema, String name) {
    return Optional.ofNullable(schema.get(name)).filter(JsonNode::isObject).map(Schema::parse);
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
