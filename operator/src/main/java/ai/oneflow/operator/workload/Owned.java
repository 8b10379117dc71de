package ai.oneflow.operator.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of an object is a field manager's, read off `metadata.managedFields` in the format of
/// structured-merge-diff: `f:` names a field, `k:` an element of a list by its keys, `v:` one by
/// its value, and an empty set means all that is below.
///
/// If somebody changes or removes a field, it is the manager's no longer, so this shows drift and
/// nothing of what others added.
public final class Owned {
  private static final String APPLY = "Apply";
  private static final ObjectMapper JSON = new ObjectMapper();

  private Owned() {}

  /// The fields of an object that `manager` has applied, without the object's name; empty where it
  /// has applied none.
  public static Optional<JsonNode> by(String manager, HasMetadata object) {
    return entries(object).stream()
        .filter(e -> manager.equals(e.getManager()) && APPLY.equals(e.getOperation()))
        .filter(e -> e.getSubresource() == null || e.getSubresource().isEmpty())
        .filter(e -> e.getFieldsV1() != null)
        .findFirst()
        .map(e -> pick(tree(object), tree(e.getFieldsV1())));
  }

  private static List<ManagedFieldsEntry> entries(HasMetadata object) {
    List<ManagedFieldsEntry> entries = object.getMetadata().getManagedFields();
    return entries == null ? List.of() : entries;
  }

  /// The fields of a manifest, as [#by] shows them once it was applied.
  public static JsonNode in(HasMetadata manifest) {
    ObjectNode tree = (ObjectNode) tree(manifest);
    tree.remove(List.of("apiVersion", "kind"));
    ((ObjectNode) tree.path("metadata")).remove(List.of("name", "namespace"));
    return tree;
  }

  /// By way of text, so that numbers of one value are equal whatever made them.
  private static JsonNode tree(Object value) {
    try {
      return JSON.readTree(Serialization.asJson(value));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode pick(JsonNode value, JsonNode fields) {
    if (fields.isEmpty()) {
      return value;
    }
    return switch (value) {
      case ObjectNode object -> fieldsOf(object, fields);
      case ArrayNode list -> elementsOf(list, fields);
      default -> value;
    };
  }

  private static ObjectNode fieldsOf(ObjectNode object, JsonNode fields) {
    ObjectNode picked = object.objectNode();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      String name = field.getKey().substring(Math.min(2, field.getKey().length()));
      if (field.getKey().startsWith("f:") && object.has(name)) {
        picked.set(name, pick(object.get(name), field.getValue()));
      }
    }
    return picked;
  }

  private static ArrayNode elementsOf(ArrayNode list, JsonNode fields) {
    List<Element> owned = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      if (!field.getKey().equals(".")) {
        owned.add(new Element(field.getKey(), field.getValue()));
      }
    }
    ArrayNode picked = list.arrayNode();
    for (int i = 0; i < list.size(); i++) {
      JsonNode element = list.get(i);
      int index = i;
      owned.stream()
          .filter(candidate -> candidate.is(element, index))
          .findFirst()
          .ifPresent(found -> picked.add(pick(element, found.fields())));
    }
    return picked;
  }

  /// How an element of a list is named, and what of it is owned.
  private record Element(String name, JsonNode fields) {
    boolean is(JsonNode element, int index) {
      String rest = name.substring(Math.min(2, name.length()));
      return switch (name.charAt(0)) {
        case 'k' ->
            parsed(rest).properties().stream()
                .allMatch(k -> k.getValue().equals(element.get(k.getKey())));
        case 'v' -> parsed(rest).equals(element);
        case 'i' -> rest.equals(String.valueOf(index));
        default -> false;
      };
    }

    private static JsonNode parsed(String json) {
      try {
        return JSON.readTree(json);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
