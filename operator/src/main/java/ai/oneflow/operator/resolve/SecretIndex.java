package ai.oneflow.operator.resolve;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.api.v1alpha1.ConditionReason;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds Secrets and what is in them, and remembers which ones were looked for.
final class SecretIndex {
  private final Map<String, Secret> byName = new HashMap<>();
  private final Set<String> lookedFor = new HashSet<>();

  SecretIndex(Collection<Secret> secrets) {
    for (Secret secret : secrets) {
      byName.put(
          secret.getMetadata().getNamespace() + "/" + secret.getMetadata().getName(), secret);
    }
  }

  Optional<Secret> find(String namespace, String name) {
    String id = namespace + "/" + name;
    lookedFor.add(id);
    return Optional.ofNullable(byName.get(id));
  }

  /// Whether they are there or not, as `namespace/name`.
  Set<String> lookedFor() {
    return Set.copyOf(lookedFor);
  }

  /// The value under a key, without the line feed that files end with; where there is none the
  /// findings say why.
  Optional<String> value(Findings findings, String name, String key) {
    Optional<Secret> secret = find(findings.namespace(), name);
    if (secret.isEmpty()) {
      findings.problem(
          ConditionReason.SECRET_NOT_FOUND,
          "Secret " + findings.namespace() + "/" + name + " does not exist");
      return Optional.empty();
    }
    Optional<String> value = decode(secret.get(), key).map(String::strip);
    if (value.isEmpty() || value.get().isEmpty()) {
      findings.problem(
          ConditionReason.SECRET_KEY_MISSING,
          "Secret " + findings.namespace() + "/" + name + " has nothing under " + key);
      return Optional.empty();
    }
    return value;
  }

  /// `stringData` is what a manifest may hold that never met an API server.
  private static Optional<String> decode(Secret secret, String key) {
    if (secret.getStringData() != null && secret.getStringData().get(key) != null) {
      return Optional.of(secret.getStringData().get(key));
    }
    String base64 = secret.getData() == null ? null : secret.getData().get(key);
    if (base64 == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Base64.getMimeDecoder().decode(base64), UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
