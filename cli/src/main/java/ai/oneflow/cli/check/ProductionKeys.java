package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import ai.oneflow.cli.key.KeyState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The part of the checklist about callers' keys.
final class ProductionKeys {
  private static final Duration OLD = Duration.ofDays(90);

  private final Cluster cluster;
  private final String namespace;
  private final Instant now;

  ProductionKeys(Cluster cluster, String namespace, Instant now) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.now = now;
  }

  List<Finding> look() {
    List<KeyState> keys =
        cluster.list(Kind.API_KEY, namespace).stream().map(k -> new KeyState(k, now)).toList();
    if (keys.isEmpty()) {
      return List.of(Finding.warn("keys", "there is no ApiKey", "create one for each caller"));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(age(keys));
    findings.add(
        none(
            keys,
            key -> key.ends().isEmpty() && !key.key().has("/spec/rotation/every"),
            new Words(
                "keys that are neither replaced nor end",
                "every key is replaced in time or ends",
                "set rotation: {every: 90d}, or expiresAt")));
    findings.add(
        none(
            keys,
            KeyState::hasEnded,
            new Words("keys that have ended", "no key has ended", "delete them")));
    findings.add(spending(keys));
    return findings;
  }

  private Finding age(List<KeyState> keys) {
    List<String> unknown =
        keys.stream()
            .filter(key -> !key.isSuspended() && key.made().isEmpty())
            .map(key -> key.key().title())
            .toList();
    Finding old =
        none(
            keys,
            key -> key.made().filter(at -> at.plus(OLD).isBefore(now)).isPresent(),
            new Words(
                "keys older than 90 days",
                "no key is older than 90 days",
                "kubectl oneflow rotate"));
    return old.level() == Level.PASS && !unknown.isEmpty()
        ? Finding.unknown(
            "keys",
            "no status says when the key was made of " + String.join(", ", unknown),
            "kubectl oneflow health")
        : old;
  }

  private record Words(String bad, String good, String advice) {}

  private static Finding none(List<KeyState> keys, Predicate<KeyState> isBad, Words words) {
    List<String> bad =
        keys.stream()
            .filter(key -> !key.isSuspended())
            .filter(isBad)
            .map(key -> key.key().namespace() + "/" + key.key().name())
            .toList();
    return bad.isEmpty()
        ? Finding.pass("keys", words.good)
        : Finding.warn("keys", words.bad + ": " + String.join(", ", bad), words.advice);
  }

  /// A quota that bounds money or tokens bounds the keys that fall under it; which do is not worked
  /// out here.
  private Finding spending(List<KeyState> keys) {
    boolean bounded =
        cluster.list(Kind.QUOTA_POLICY, namespace).stream().anyMatch(ProductionKeys::bounds);
    return bounded
        ? Finding.pass("limits", "a QuotaPolicy bounds what is spent")
        : none(
            keys,
            key -> !bounds(key.key()),
            new Words(
                "keys that may spend without bounds",
                "every key has a bound on what it spends",
                "set budgets or tokens on keys, or a QuotaPolicy"));
  }

  private static boolean bounds(Found found) {
    return found.has("/spec/tokens")
        || found.has("/spec/credits")
        || !found.list("/spec/budgets").isEmpty()
        || found.tree().at("/spec/prepaid").asBoolean(false);
  }
}
