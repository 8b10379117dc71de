package ai.oneflow.operator;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import ai.oneflow.operator.keys.FormerKey;
import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.operator.keys.MintedKey;
import ai.oneflow.operator.resolve.Resources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Manifests as tests write them, completed as the API server and the operator would: a generation,
/// a time of creation, a minted key for every ApiKey that does not say otherwise.
public final class Manifests {
  /// On an ApiKey: leave it without its Secret.
  private static final String UNMINTED = "golden/unminted";

  /// On an ApiKey: its key took the place of another one, which works on until then.
  private static final String FORMER_UNTIL = "golden/former-until";

  private final List<HasMetadata> all = new ArrayList<>();

  private Manifests() {}

  /// Reads documents that `---` divides.
  public static Manifests parse(String yaml) {
    Manifests manifests = new Manifests();
    for (String document : yaml.split("(?m)^---$", -1)) {
      manifests.add(document);
    }
    List.copyOf(manifests.all).stream()
        .filter(ApiKey.class::isInstance)
        .map(ApiKey.class::cast)
        .forEach(manifests::mint);
    return manifests;
  }

  private void add(String document) {
    Object kind = Serialization.unmarshal(document, Map.class).get("kind");
    Class<? extends HasMetadata> type =
        switch (String.valueOf(kind)) {
          case "LLMGateway" -> LLMGateway.class;
          case "LLMProvider" -> LLMProvider.class;
          case "RoutingPolicy" -> RoutingPolicy.class;
          case "ApiKey" -> ApiKey.class;
          case "QuotaPolicy" -> QuotaPolicy.class;
          case "Secret" -> Secret.class;
          case "Namespace" -> Namespace.class;
          default -> throw new IllegalArgumentException("no kind of ours: " + kind);
        };
    HasMetadata resource = Serialization.unmarshal(document, type);
    ObjectMeta meta = resource.getMetadata();
    meta.setGeneration(meta.getGeneration() == null ? Long.valueOf(1) : meta.getGeneration());
    if (meta.getCreationTimestamp() == null) {
      meta.setCreationTimestamp("2026-01-01T00:00:00Z");
    }
    all.add(resource);
  }

  private void mint(ApiKey key) {
    String name = KeySecret.nameFor(key);
    String namespace = key.getMetadata().getNamespace();
    boolean there =
        list(Secret.class).stream()
            .map(HasMetadata::getMetadata)
            .anyMatch(m -> m.getName().equals(name) && m.getNamespace().equals(namespace));
    Map<String, String> annotations = key.getMetadata().getAnnotations();
    if (!there && !(annotations != null && annotations.containsKey(UNMINTED))) {
      Random random = new Random((namespace + "/" + name).hashCode());
      MintedKey current = MintedKey.mint(random);
      MintedKey former = MintedKey.mint(random);
      KeyHistory history =
          new KeyHistory(
              Instant.parse(key.getMetadata().getCreationTimestamp()),
              "",
              annotations != null && annotations.containsKey(FORMER_UNTIL)
                  ? List.of(
                      new FormerKey(former.sha256(), Instant.parse(annotations.get(FORMER_UNTIL))))
                  : List.of());
      all.add(KeySecret.of(key, current, history));
    }
  }

  public <R extends HasMetadata> List<R> list(Class<R> kind) {
    return all.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public Resources resources() {
    return new Resources(
        list(LLMGateway.class),
        list(LLMProvider.class),
        list(RoutingPolicy.class),
        list(ApiKey.class),
        list(QuotaPolicy.class),
        list(Secret.class),
        list(Namespace.class),
        Map.of());
  }
}
