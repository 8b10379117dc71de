package ai.oneflow.api.schema;

import ai.oneflow.api.value.ByteSize;
import ai.oneflow.api.value.Limits;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The rows of a record's table on the reference page, those of the records within it below it.
final class FieldRows {
  private final List<String> rows = new ArrayList<>();

  private FieldRows() {}

  static List<String> of(JsonNode schema, Class<?> type) {
    FieldRows fields = new FieldRows();
    fields.fields("", schema, type);
    return fields.rows;
  }

  private void fields(String prefix, JsonNode schema, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonNode property = schema.path("properties").path(component.getName());
      boolean required =
          schema
              .path("required")
              .valueStream()
              .anyMatch(n -> n.asText().equals(component.getName()));
      Type of = component.getGenericType();
      String path = prefix + component.getName();
      rows.add(row(path, property, of, required));
      Class<?> element = elementOf(of);
      if (element.isRecord() && isObject(property)) {
        fields(path + (property.has("items") ? "[]." : "."), inner(property), element);
      }
    }
  }

  private static String row(String path, JsonNode property, Type type, boolean required) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            path,
            typeText(property, type),
            required ? "needed" : defaultText(property),
            property.path("description").asText().replace("|", "\\|"));
  }

  private static String defaultText(JsonNode property) {
    JsonNode fallback = property.path("default");
    if (fallback.isMissingNode()) {
      return "";
    }
    boolean fieldsHaveTheirOwn = fallback.isObject() && isObject(property);
    return fieldsHaveTheirOwn
        ? ""
        : "`" + (fallback.isTextual() ? fallback.asText() : fallback) + "`";
  }

  private static String typeText(JsonNode property, Type type) {
    if (property.has("items")) {
      String most = property.has("maxItems") ? ", up to " + property.get("maxItems") : "";
      return "list of " + typeText(property.get("items"), elementOf(type)) + most;
    }
    if (property.has("enum")) {
      return property
          .get("enum")
          .valueStream()
          .map(value -> "`" + value.asText() + "`")
          .collect(Collectors.joining(", "));
    }
    return switch (property.path("type").asText()) {
      case "integer" -> "whole number" + range(property);
      case "boolean" -> "`true`, `false`";
      case "string" -> textFormat(elementOf(type));
      default -> objectText(property, elementOf(type));
    };
  }

  private static String range(JsonNode property) {
    return property.has("minimum")
        ? ", " + property.get("minimum") + " to " + property.path("maximum").asText("any")
        : "";
  }

  private static String textFormat(Class<?> type) {
    if (type == Duration.class) {
      return "duration";
    }
    if (type == BigDecimal.class) {
      return "amount";
    }
    if (type == Instant.class) {
      return "time";
    }
    if (type == Limits.class) {
      return "limits";
    }
    return type == ByteSize.class ? "size" : "text";
  }

  private static String objectText(JsonNode property, Class<?> type) {
    if (property.has("additionalProperties")) {
      return "map of text";
    }
    return type.isRecord() ? "object" : "Kubernetes' own `" + type.getSimpleName() + "`";
  }

  private static Class<?> elementOf(Type type) {
    if (type instanceof ParameterizedType list) {
      return elementOf(list.getActualTypeArguments()[0]);
    }
    return (Class<?>) type;
  }

  private static boolean isObject(JsonNode property) {
    return inner(property).has("properties");
  }

  private static JsonNode inner(JsonNode property) {
    return property.has("items") ? property.get("items") : property;
  }
}
