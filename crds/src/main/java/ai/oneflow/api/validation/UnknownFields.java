package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/// The strict decoding of the API server: a field that no schema knows is a mistake.
final class UnknownFields {
  private static final Set<String> ENVELOPE = Set.of("apiVersion", "kind", "metadata");
  private static final Set<String> METADATA =
      Set.of(
          "annotations",
          "creationTimestamp",
          "deletionGracePeriodSeconds",
          "deletionTimestamp",
          "finalizers",
          "generateName",
          "generation",
          "labels",
          "managedFields",
          "name",
          "namespace",
          "ownerReferences",
          "resourceVersion",
          "selfLink",
          "uid");

  private final Findings findings;

  private UnknownFields(Findings findings) {
    this.findings = findings;
  }

  static void find(ObjectNode content, Schema schema, Findings findings) {
    UnknownFields unknown = new UnknownFields(findings);
    content
        .path("metadata")
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!METADATA.contains(name)) {
                unknown.add("metadata." + name);
              }
            });
    content
        .properties()
        .forEach(
            field -> {
              if (!ENVELOPE.contains(field.getKey())) {
                unknown.field(field.getKey(), field.getKey(), field.getValue(), schema);
              }
            });
  }

  private void field(String path, String name, JsonNode value, Schema around) {
    around.field(name).ifPresentOrElse(schema -> within(path, value, schema), () -> add(path));
  }

  private void within(String path, JsonNode value, Schema schema) {
    if (value.isObject()) {
      value
          .properties()
          .forEach(
              field ->
                  field(path + "." + field.getKey(), field.getKey(), field.getValue(), schema));
    }
    if (value.isArray()) {
      schema.items().ifPresent(items -> elements(path, value, items));
    }
  }

  private void elements(String path, JsonNode list, Schema items) {
    for (int i = 0; i < list.size(); i++) {
      within(path + "[" + i + "]", list.get(i), items);
    }
  }

  private void add(String path) {
    findings.add(path, "strict decoding error: unknown field \"" + path + "\"");
  }
}
