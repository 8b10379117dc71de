package ai.oneflow.standalone.manifest;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Optional;

/// The kinds that a folder may hold: the five, and what they lean on.
final class Kinds {
  private static final Map<String, Class<? extends HasMetadata>> OWN =
      Map.of(
          "LLMGateway", LLMGateway.class,
          "LLMProvider", LLMProvider.class,
          "RoutingPolicy", RoutingPolicy.class,
          "ApiKey", ApiKey.class,
          "QuotaPolicy", QuotaPolicy.class);
  private static final Map<String, Class<? extends HasMetadata>> CORE =
      Map.of("Secret", Secret.class, "Namespace", Namespace.class);

  private static final ObjectMapper MAPPER = mapper();

  private Kinds() {}

  private static ObjectMapper mapper() {
    ObjectMapper mapper = new ObjectMapper();
    // Teaches the mapper what fabric8's types need; the object itself is of no further use.
    var _ = new KubernetesSerialization(mapper, false);
    return mapper;
  }

  static <T> T typed(JsonNode manifest, Class<T> type) throws JsonProcessingException {
    return MAPPER.treeToValue(manifest, type);
  }

  static Optional<Class<? extends HasMetadata>> of(JsonNode manifest) {
    String kind = manifest.path("kind").asText();
    return switch (manifest.path("apiVersion").asText()) {
      case Api.API_VERSION -> Optional.ofNullable(OWN.get(kind));
      case "v1" -> Optional.ofNullable(CORE.get(kind));
      default -> Optional.empty();
    };
  }

  /// Whether the schemas of our own kinds judge it.
  static boolean isOwn(ResourceId id) {
    return OWN.containsKey(id.kind());
  }
}
