package ai.oneflow.operator.keys;

import ai.oneflow.api.v1alpha1.Api;
import ai.oneflow.api.v1alpha1.ApiKey;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The Secret that holds an ApiKey's key: what it looks like and how to tell it from a stranger's.
public final class KeySecret {
  /// Where the key is in the Secret's data.
  public static final String DATA_KEY = "api-key";

  private static final String KIND = "ApiKey";

  private KeySecret() {}

  /// The name of the Secret of this ApiKey, in its namespace.
  public static String nameFor(ApiKey owner) {
    String name = owner.getMetadata().getName();
    return owner.getSpec() == null ? name + "-key" : owner.getSpec().secretNameOr(name);
  }

  /// The Secret for a key. Kubernetes deletes it together with its owner.
  public static Secret of(ApiKey owner, MintedKey key, KeyHistory history) {
    ObjectMeta meta = owner.getMetadata();
    OwnerReference reference =
        new OwnerReferenceBuilder()
            .withApiVersion(Api.API_VERSION)
            .withKind(KIND)
            .withName(meta.getName())
            .withUid(meta.getUid())
            .withController(true)
            .withBlockOwnerDeletion(true)
            .build();
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(meta.getNamespace())
        .withName(nameFor(owner))
        .withLabels(Map.of("app.kubernetes.io/managed-by", "oneflow"))
        .withAnnotations(history.annotations())
        .withOwnerReferences(reference)
        .endMetadata()
        .withType("Opaque")
        .withData(Map.of(DATA_KEY, encoded(key)))
        .build();
  }

  /// A Secret with another key or another history in it, and all else that others put there. It
  /// carries the version of the one that it was made of, so the API server takes it only where
  /// nobody was faster.
  static Secret changed(Secret secret, MintedKey key, KeyHistory history) {
    return new SecretBuilder(secret)
        .editMetadata()
        .removeFromAnnotations(KeyHistory.MINTED_FOR)
        .removeFromAnnotations(KeyHistory.FORMER_KEYS)
        .addToAnnotations(history.annotations())
        .endMetadata()
        .addToData(DATA_KEY, encoded(key))
        .build();
  }

  private static String encoded(MintedKey key) {
    return Base64.getEncoder().encodeToString(key.reveal().getBytes(StandardCharsets.US_ASCII));
  }

  /// Whether the Secret was made for this ApiKey and not for another, nor for a deleted one of the
  /// same name.
  public static boolean isOwned(Secret secret, ApiKey owner) {
    List<OwnerReference> references = secret.getMetadata().getOwnerReferences();
    ObjectMeta meta = owner.getMetadata();
    return references != null
        && references.stream()
            .anyMatch(
                reference ->
                    KIND.equals(reference.getKind())
                        && Objects.equals(reference.getName(), meta.getName())
                        && Objects.equals(reference.getUid(), meta.getUid()));
  }

  /// The key in it; empty where there is none that was minted.
  public static Optional<MintedKey> read(Secret secret) {
    if (secret.getData() == null || secret.getData().get(DATA_KEY) == null) {
      return Optional.empty();
    }
    try {
      byte[] plaintext = Base64.getDecoder().decode(secret.getData().get(DATA_KEY));
      return MintedKey.parse(new String(plaintext, StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
