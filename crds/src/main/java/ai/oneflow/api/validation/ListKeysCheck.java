package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Lists that are maps or sets: no two elements with one key.
final class ListKeysCheck {
  private final Findings findings;

  private ListKeysCheck(Findings findings) {
    this.findings = findings;
  }

  static void check(ObjectNode content, Schema schema, Findings findings) {
    new ListKeysCheck(findings).fields("", content, schema);
  }

  private void fields(String path, JsonNode object, Schema schema) {
    object
        .properties()
        .forEach(
            field -> {
              String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
              schema.field(field.getKey()).ifPresent(s -> value(child, field.getValue(), s));
            });
  }

  private void value(String path, JsonNode value, Schema schema) {
    if (value.isObject()) {
      fields(path, value, schema);
    }
    if (value.isArray()) {
      keys(path, value, schema);
      schema.items().ifPresent(items -> elements(path, value, items));
    }
  }

  private void elements(String path, JsonNode list, Schema items) {
    for (int i = 0; i < list.size(); i++) {
      value(path + "[" + i + "]", list.get(i), items);
    }
  }

  private void keys(String path, JsonNode list, Schema schema) {
    if (!schema.set() && schema.listKeys().isEmpty()) {
      return;
    }
    Set<JsonNode> seen = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      String at = path + "[" + i + "]";
      if (list.get(i).isNull()) {
        // The check of types has said so.
        continue;
      }
      if (!schema.set() && !list.get(i).isObject()) {
        findings.atPath(
            at,
            "Invalid value: " + list.get(i) + ": must be an object for an array of list-type map");
        continue;
      }
      JsonNode key = schema.set() ? list.get(i) : key(list.get(i), schema.listKeys());
      if (!seen.add(key)) {
        findings.atPath(at, "Duplicate value: " + key);
      }
    }
  }

  private static JsonNode key(JsonNode element, List<String> names) {
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    names.stream().filter(element::has).forEach(name -> key.set(name, element.get(name)));
    return key;
  }
}
