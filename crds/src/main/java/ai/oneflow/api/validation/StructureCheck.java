package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;

/// Types, required fields, enumerations and bounds.
final class StructureCheck {
  private final Findings findings;
  private boolean rulesMayRun = true;

  StructureCheck(Findings findings) {
    this.findings = findings;
  }

  /// Whether rules can be evaluated: not where a type, an enumeration, a required field or an
  /// upper bound is broken, since rules rely on them.
  boolean check(ObjectNode content, Schema schema) {
    fields("", content, schema);
    return rulesMayRun;
  }

  private void fields(String path, JsonNode object, Schema schema) {
    schema.required().stream()
        .filter(name -> !object.has(name))
        .forEach(name -> blocking(join(path, name), "Required value"));
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      schema
          .field(field.getKey())
          .ifPresent(property -> value(join(path, field.getKey()), field.getValue(), property));
    }
  }

  private void value(String path, JsonNode value, Schema schema) {
    if (!hasType(value, schema)) {
      String actual = typeOf(value);
      wrongType(path, actual, schema.intOrString() ? "integer,string" : schema.type());
      if (schema.intOrString()) {
        // The API server asks twice.
        wrongType(path, actual, "integer");
      }
    }
    if (!schema.allowed().isEmpty() && !schema.allowed().contains(value)) {
      blocking(
          path,
          "Unsupported value: "
              + value
              + ": supported values: "
              + schema.allowed().stream()
                  .map(JsonNode::toString)
                  .collect(Collectors.joining(", ")));
    }
    if (hasType(value, schema)) {
      bounds(path, value, schema);
    }
  }

  private void wrongType(String path, String actual, String wanted) {
    blocking(
        path,
        "Invalid value: \"%s\": %s in body must be of type %s: \"%s\""
            .formatted(actual, path, wanted, actual));
  }

  private void bounds(String path, JsonNode value, Schema schema) {
    switch (value.getNodeType()) {
      case STRING -> text(path, value, schema);
      case NUMBER -> number(path, value, schema);
      case ARRAY -> list(path, value, schema);
      case OBJECT -> object(path, value, schema);
      default -> {}
    }
  }

  private void text(String path, JsonNode value, Schema schema) {
    String text = value.textValue();
    int length = text.codePointCount(0, text.length());
    schema
        .size()
        .wholeLeast()
        .ifPresent(
            least -> {
              if (length < least) {
                invalid(path, value, "should be at least " + least + " chars long");
              }
            });
    schema
        .size()
        .wholeMost()
        .ifPresent(
            most -> {
              if (length > most) {
                blocking(path, "Too long: may not be more than " + most + " bytes");
              }
            });
    schema
        .pattern()
        .ifPresent(
            pattern -> {
              if (!pattern.matcher(text).find()) {
                invalid(path, value, "should match '" + pattern.pattern() + "'");
              }
            });
  }

  private void number(String path, JsonNode value, Schema schema) {
    schema
        .number()
        .least()
        .ifPresent(
            least -> {
              if (value.doubleValue() < least) {
                invalid(path, value, "should be greater than or equal to " + (long) least);
              }
            });
    schema
        .number()
        .most()
        .ifPresent(
            most -> {
              if (value.doubleValue() > most) {
                invalid(path, value, "should be less than or equal to " + (long) most);
              }
            });
  }

  private void list(String path, JsonNode value, Schema schema) {
    schema
        .size()
        .wholeLeast()
        .ifPresent(
            least -> {
              if (value.size() < least) {
                findings.atPath(
                    path,
                    "Invalid value: %d: %s in body should have at least %d items"
                        .formatted(value.size(), path, least));
              }
            });
    tooMany(path, value, schema);
    schema
        .items()
        .ifPresent(
            items -> {
              for (int i = 0; i < value.size(); i++) {
                value(path + "[" + i + "]", value.get(i), items);
              }
            });
  }

  private void object(String path, JsonNode value, Schema schema) {
    tooMany(path, value, schema);
    fields(path, value, schema);
  }

  private void tooMany(String path, JsonNode value, Schema schema) {
    schema
        .size()
        .wholeMost()
        .ifPresent(
            most -> {
              if (value.size() > most) {
                blocking(
                    path, "Too many: %d: must have at most %d items".formatted(value.size(), most));
              }
            });
  }

  private void invalid(String path, JsonNode value, String rule) {
    findings.atPath(path, "Invalid value: " + value + ": " + path + " in body " + rule);
  }

  private void blocking(String path, String message) {
    rulesMayRun = false;
    findings.atPath(path, message);
  }

  private static boolean hasType(JsonNode value, Schema schema) {
    if (schema.intOrString()) {
      return value.isIntegralNumber() || value.isTextual();
    }
    String actual = typeOf(value);
    return schema.type().isEmpty()
        || actual.equals(schema.type())
        || (schema.type().equals("number") && actual.equals("integer"));
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "object";
      case ARRAY -> "array";
      case STRING -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      default -> "null";
    };
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
