package ai.oneflow.gateway.config;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.QuotaEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Works out which limits a key's requests to a target fall under: the key's own, its user's where
/// it names none on requests, the provider's, and those of every policy whose subject they match.
///
/// A policy in the gateway's own namespace speaks of all keys; one elsewhere only of the keys of
/// its namespace, so that nobody can limit a stranger.
final class LimitCompiler {
  private static final String EACH = "*";

  private final GatewayEntry gateway;
  private final List<QuotaEntry> quotas;

  LimitCompiler(GatewayEntry gateway, List<QuotaEntry> quotas) {
    this.gateway = gateway;
    this.quotas = List.copyOf(quotas);
  }

  KeyLimits of(KeyEntry key, Caller caller) {
    List<Limit> own = own(key);
    List<QuotaEntry> near = quotas.stream().filter(quota -> speaksOf(quota, caller)).toList();
    return new KeyLimits(
        target -> {
          List<Limit> limits = new ArrayList<>(own);
          limits.addAll(ofProvider(target.provider().entry()));
          near.forEach(quota -> limits.addAll(ofPolicy(quota, caller, target)));
          return limits;
        });
  }

  /// Refuses a policy whose limits nobody can count.
  ///
  /// @throws IllegalArgumentException with the reason
  void check(QuotaEntry quota) {
    LimitScope scope = LimitScope.of(quota, Map.of());
    quota.budgets().forEach(scope::budget);
  }

  private boolean speaksOf(QuotaEntry quota, Caller caller) {
    return quota.namespace().equals(gateway.namespace())
        || quota.namespace().equals(caller.keyNamespace());
  }

  private List<Limit> own(KeyEntry key) {
    String id = key.namespace() + "/" + key.name();
    LimitScope scope = LimitScope.of("key|" + id, "key " + id);
    List<Limit> limits = new ArrayList<>();
    if (key.requests().isEmpty()) {
      String user = key.namespace() + "/" + key.user();
      limits.addAll(
          LimitScope.of("user|" + user, "user " + user)
              .sliding(Unit.REQUESTS, gateway.requestsPerUser()));
    }
    limits.addAll(scope.sliding(Unit.REQUESTS, key.requests()));
    limits.addAll(scope.sliding(Unit.TOKENS, key.tokens()));
    key.budgets().forEach(budget -> limits.add(scope.budget(budget)));
    if (key.maxConcurrent() > 0) {
      limits.add(scope.concurrent(key.maxConcurrent()));
    }
    return limits;
  }

  private static List<Limit> ofProvider(ProviderEntry provider) {
    String id = provider.namespace() + "/" + provider.name();
    LimitScope scope = LimitScope.of("provider|" + id, "provider " + id);
    List<Limit> limits = new ArrayList<>(scope.sliding(Unit.REQUESTS, provider.requests()));
    limits.addAll(scope.sliding(Unit.TOKENS, provider.tokens()));
    return limits;
  }

  private static List<Limit> ofPolicy(QuotaEntry quota, Caller caller, CompiledTarget target) {
    Map<String, String> is = dimensions(quota, caller, target);
    Map<String, String> counted = new TreeMap<>();
    for (Map.Entry<String, String> wanted : quota.subject().entrySet()) {
      String value = is.getOrDefault(wanted.getKey(), "");
      if (!wanted.getValue().equals(EACH) && !wanted.getValue().equals(value)) {
        return List.of();
      }
      counted.put(wanted.getKey(), value);
    }
    LimitScope scope = LimitScope.of(quota, counted);
    List<Limit> limits = new ArrayList<>(scope.sliding(Unit.REQUESTS, quota.requests()));
    limits.addAll(scope.sliding(Unit.TOKENS, quota.tokens()));
    limits.addAll(scope.sliding(Unit.CREDITS, quota.credits()));
    quota.budgets().forEach(budget -> limits.add(scope.budget(budget)));
    return limits;
  }

  /// A provider of the policy's own namespace goes by its name alone.
  private static Map<String, String> dimensions(
      QuotaEntry quota, Caller caller, CompiledTarget target) {
    ProviderEntry provider = target.provider().entry();
    return Map.of(
        "user", caller.user(),
        "project", caller.project(),
        "namespace", caller.keyNamespace(),
        "model", target.publicModel(),
        "provider",
            provider.namespace().equals(quota.namespace())
                ? provider.name()
                : provider.namespace() + "/" + provider.name());
  }
}
