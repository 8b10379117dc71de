package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Makes a value that fits a JSON schema, for tool arguments and structured output. Knows `type`,
/// `enum`, `properties` and `items`; whatever else a schema says is left to chance.
final class SchemaExample {
  private static final int DEEPEST = 8;

  private final Prose prose;

  SchemaExample(Prose prose) {
    this.prose = prose;
  }

  JsonNode of(JsonNode schema) {
    return of(schema, DEEPEST);
  }

  private JsonNode of(JsonNode schema, int depth) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (schema.path("enum").has(0)) {
      return schema.path("enum").get(0);
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, depth);
      case "integer" -> json.numberNode(prose.number());
      case "number" -> json.numberNode(prose.number() + 0.5);
      case "boolean" -> json.booleanNode(true);
      case "null" -> json.nullNode();
      default -> json.textNode(prose.word());
    };
  }

  private static String type(JsonNode schema) {
    JsonNode type = schema.path("type");
    String name = type.isArray() ? type.path(0).asText() : type.asText("");
    return name.isEmpty() && schema.has("properties") ? "object" : name;
  }

  private JsonNode object(JsonNode schema, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    if (depth > 0) {
      schema
          .path("properties")
          .properties()
          .forEach(property -> object.set(property.getKey(), of(property.getValue(), depth - 1)));
    }
    return object;
  }

  private JsonNode array(JsonNode schema, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    return depth > 0 ? array.add(of(schema.path("items"), depth - 1)) : array;
  }
}
