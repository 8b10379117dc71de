package ai.oneflow.gateway.config;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Unit;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.QuotaEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Works out which limits a key's requests to a target fall under: the key's own, its user's where
/// it names none on requests, the provider's, and those of every policy whose subject they match.
///
/// A policy in the gateway's own namespace speaks of all keys; one elsewhere only of the keys of
/// its namespace, so that nobody can limit a stranger.
final class LimitCompiler {
  private static final String EACH = "*";

  private final GatewayEntry gateway;
  private final List<QuotaEntry> quotas;
  private final Map<EntryKey, ProviderEntry> providers;

  LimitCompiler(
      GatewayEntry gateway, List<QuotaEntry> quotas, Collection<ProviderEntry> providers) {
    this.gateway = gateway;
    this.quotas = List.copyOf(quotas);
    this.providers =
        providers.stream().collect(Collectors.toMap(ProviderEntry::key, Function.identity()));
  }

  /// Those of a key, by where its requests go.
  KeyLimits of(KeyEntry key, Caller caller) {
    List<Limit> own = own(key);
    return new KeyLimits(
        target -> {
          List<Limit> limits = new ArrayList<>(own);
          limits.addAll(others(caller, target.anyWay()));
          return limits;
        });
  }

  /// Those that a request fell under which went there, but for its key's own.
  List<Limit> others(Caller caller, Destination destination) {
    List<Limit> limits = new ArrayList<>();
    ProviderEntry provider =
        providers.get(
            new EntryKey(
                Kind.LLM_PROVIDER, destination.providerNamespace(), destination.providerName()));
    if (provider != null) {
      limits.addAll(ofProvider(provider));
    }
    for (QuotaEntry quota : quotas) {
      if (speaksOf(quota, caller)) {
        limits.addAll(ofPolicy(quota, dimensions(quota, caller, destination)));
      }
    }
    return limits;
  }

  /// That of a key which spends what was topped up; its amount is known when a request asks.
  static Limit prepaid(KeyEntry key) {
    String id = key.namespace() + "/" + key.name();
    return LimitScope.of("key|" + id, "key " + id).prepaid();
  }

  /// That which counts what a key spends: its first budget, or without one that of the month.
  static Limit spend(KeyEntry key) {
    String id = key.namespace() + "/" + key.name();
    LimitScope scope = LimitScope.of("key|" + id, "key " + id);
    return key.budgets().isEmpty() ? scope.spending() : scope.budget(key.budgets().getFirst());
  }

  /// Refuses a policy whose limits nobody can count.
  ///
  /// @throws IllegalArgumentException with the reason
  void check(QuotaEntry quota) {
    of(quota, Map.of());
  }

  private boolean speaksOf(QuotaEntry quota, Caller caller) {
    return quota.namespace().equals(gateway.namespace())
        || quota.namespace().equals(caller.keyNamespace());
  }

  /// One of each kind that policies and providers set, whatever its subject.
  List<Limit> ofPoliciesAndProviders() {
    List<Limit> limits = new ArrayList<>();
    providers.values().forEach(provider -> limits.addAll(ofProvider(provider)));
    quotas.forEach(quota -> limits.addAll(of(quota, Map.of())));
    return limits;
  }

  /// Whom each budget of a policy speaks of, by the [Limit#mark()] of its counters.
  Map<String, String> subjects() {
    Map<String, String> subjects = new HashMap<>();
    for (QuotaEntry quota : quotas) {
      String subject = new TreeMap<>(quota.subject()).toString();
      of(quota, Map.of()).stream()
          .filter(Limit::isLasting)
          .forEach(limit -> subjects.put(limit.mark(), subject));
    }
    return subjects;
  }

  /// The key's own, whatever it asks for.
  List<Limit> own(KeyEntry key) {
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
    if (key.budgets().isEmpty()) {
      limits.add(scope.spending());
    }
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

  private static List<Limit> ofPolicy(QuotaEntry quota, Map<String, String> is) {
    Map<String, String> counted = new TreeMap<>();
    for (Map.Entry<String, String> wanted : quota.subject().entrySet()) {
      String value = is.getOrDefault(wanted.getKey(), "");
      if (!wanted.getValue().equals(EACH) && !wanted.getValue().equals(value)) {
        return List.of();
      }
      counted.put(wanted.getKey(), value);
    }
    return of(quota, counted);
  }

  private static List<Limit> of(QuotaEntry quota, Map<String, String> counted) {
    LimitScope scope = LimitScope.of(quota, counted);
    List<Limit> limits = new ArrayList<>(scope.sliding(Unit.REQUESTS, quota.requests()));
    limits.addAll(scope.sliding(Unit.TOKENS, quota.tokens()));
    limits.addAll(scope.sliding(Unit.CREDITS, quota.credits()));
    quota.budgets().forEach(budget -> limits.add(scope.budget(budget)));
    return limits;
  }

  /// A provider of the policy's own namespace goes by its name alone.
  private static Map<String, String> dimensions(
      QuotaEntry quota, Caller caller, Destination destination) {
    boolean near = destination.providerNamespace().equals(quota.namespace());
    String provider = destination.providerName();
    return Map.of(
        "user", caller.user(),
        "project", caller.project(),
        "namespace", caller.keyNamespace(),
        "model", destination.publicModel(),
        "provider", near ? provider : destination.providerNamespace() + "/" + provider);
  }
}
