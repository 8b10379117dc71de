package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.ApiKeySpec;
import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.KeySecret;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Judges an ApiKey. Its Secret is the operator's own work, so one that is missing will be there
/// soon, unless the API server does not take it, and one that belongs to somebody else is a
/// conflict.
final class KeyResolver {
  private final SecretIndex secrets;
  private final Map<String, String> unminted;

  /// @param unminted why a Secret is not taken, by the ApiKey's `namespace/name`
  KeyResolver(SecretIndex secrets, Map<String, String> unminted) {
    this.secrets = secrets;
    this.unminted = unminted;
  }

  Judgement resolve(ApiKey key) {
    Findings findings = new Findings(Kind.API_KEY, key);
    ApiKeySpec spec = key.getSpec();
    if (spec == null) {
      return findings.withoutSpec("spec is missing; an empty one, {}, is enough");
    }
    List<BudgetEntry> budgets = Amounts.budgets(findings, spec.budgets());
    List<KeyEntry.Hash> hashes = hashes(findings, key);
    return findings.judge(
        () ->
            new KeyEntry(
                findings.namespace(),
                findings.name(),
                findings.generation(),
                hashes,
                spec.user() == null ? findings.name() : spec.user(),
                spec.project() == null ? findings.namespace() : spec.project(),
                spec.models(),
                Limiting.of(spec.requests()),
                Limiting.of(spec.tokens()),
                budgets,
                spec.prepaid(),
                spec.maxConcurrent(),
                spec.suspended(),
                Optional.ofNullable(spec.expiresAt())));
  }

  /// The key's, and those of the keys before it with their ends, which gateways see to: whether one
  /// of them has ended makes no other entry.
  private List<KeyEntry.Hash> hashes(Findings findings, ApiKey key) {
    List<KeyEntry.Hash> hashes = new ArrayList<>();
    secret(findings, key)
        .ifPresent(
            secret -> {
              String current = KeySecret.read(secret).orElseThrow().sha256();
              hashes.add(new KeyEntry.Hash(current, Optional.empty()));
              KeyHistory.of(secret).graced().stream()
                  .filter(former -> !former.sha256().equals(current))
                  .map(former -> new KeyEntry.Hash(former.sha256(), Optional.of(former.until())))
                  .forEach(hashes::add);
            });
    return hashes;
  }

  /// Its own Secret with a key in it.
  private Optional<Secret> secret(Findings findings, ApiKey key) {
    String name = KeySecret.nameFor(key);
    String id = findings.namespace() + "/" + name;
    Optional<Secret> secret = secrets.find(findings.namespace(), name);
    if (secret.isEmpty()) {
      missing(findings, id, unminted.get(findings.namespace() + "/" + findings.name()));
      return Optional.empty();
    }
    if (!KeySecret.isOwned(secret.get(), key)) {
      findings.problem(
          ConditionReason.CONFLICT,
          "Secret "
              + id
              + " exists and is not of this ApiKey, so no key was put there; delete that Secret, or"
              + " make an ApiKey with another secretName");
      return Optional.empty();
    }
    if (KeySecret.read(secret.get()).isEmpty()) {
      findings.problem(
          ConditionReason.SECRET_KEY_MISSING,
          "Secret " + id + " holds no key that was minted under " + KeySecret.DATA_KEY);
      return Optional.empty();
    }
    return secret;
  }

  private static void missing(Findings findings, String id, @Nullable String refusal) {
    if (refusal == null) {
      findings.problem(
          ConditionReason.SECRET_NOT_FOUND, "Secret " + id + " with the key is not there yet");
    } else {
      findings.problem(
          ConditionReason.SECRET_REFUSED,
          "Secret " + id + " with the key cannot be made: " + refusal);
    }
  }
}
