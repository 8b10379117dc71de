package ai.oneflow.standalone.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Kubernetes' own kinds that a folder may hold, since ours lean on them: Secret and Namespace.
final class CoreKinds {
  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Map.of("Secret", Secret.class, "Namespace", Namespace.class);
  private static final Map<String, Set<String>> FIELDS =
      Map.of(
          "Secret",
          Set.of("apiVersion", "kind", "metadata", "type", "immutable", "data", "stringData"),
          "Namespace",
          Set.of("apiVersion", "kind", "metadata", "spec", "status"));

  private static final ObjectMapper MAPPER = mapper();

  private CoreKinds() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    // Teaches the mapper what fabric8's types need; the object itself is of no further use.
    var _ = new KubernetesSerialization(mapper, false);
    return mapper;
  }

  /// Something that is wrong, in the API server's words, which quote no value: it may be secret.
  record Flaw(String path, String words) {}

  static boolean isOne(JsonNode content) {
    return content.path("apiVersion").asText().equals("v1")
        && TYPES.containsKey(content.path("kind").asText());
  }

  static List<Flaw> flaws(JsonNode content) {
    List<Flaw> flaws = new ArrayList<>();
    String kind = content.path("kind").asText();
    Set<String> known = FIELDS.getOrDefault(kind, Set.of());
    content
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                flaws.add(new Flaw(name, "strict decoding error: unknown field \"" + name + "\""));
              }
            });
    if (kind.equals("Secret")) {
      values("stringData", content, "string", flaws);
      values("data", content, "[]uint8", flaws);
    }
    return flaws;
  }

  private static void values(String field, JsonNode secret, String wanted, List<Flaw> flaws) {
    for (Map.Entry<String, JsonNode> entry : secret.path(field).properties()) {
      String path = field + "." + entry.getKey();
      JsonNode value = entry.getValue();
      if (!value.isTextual() && !value.isNull()) {
        flaws.add(
            new Flaw(
                path,
                "json: cannot unmarshal %s into Go struct field Secret.%s of type %s"
                    .formatted(typeOf(value), field, wanted)));
      } else if (field.equals("data") && !isBase64(value.asText(""))) {
        flaws.add(new Flaw(path, "illegal base64 data"));
      }
    }
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> "number";
      case BOOLEAN -> "bool";
      case ARRAY -> "array";
      default -> "object";
    };
  }

  private static boolean isBase64(String text) {
    try {
      var _ = Base64.getDecoder().decode(text.replaceAll("[\r\n]", ""));
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /// Empty where it is not of the form that v1 has.
  static Optional<HasMetadata> typed(JsonNode content) {
    try {
      return Optional.of(MAPPER.treeToValue(content, TYPES.get(content.path("kind").asText())));
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }
}
