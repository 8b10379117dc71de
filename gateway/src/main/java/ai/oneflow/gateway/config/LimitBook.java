package ai.oneflow.gateway.config;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Finds the limits that a request of the past falls under, which the ledger tells of: what it used
/// counts by the configuration in force now. Immutable.
public final class LimitBook {
  private final LimitCompiler compiler;
  private final Map<EntryKey, KeyEntry> keys;

  LimitBook(LimitCompiler compiler, Collection<KeyEntry> keys) {
    this.compiler = compiler;
    this.keys = keys.stream().collect(Collectors.toMap(KeyEntry::key, Function.identity()));
  }

  /// In no particular order; each counter once. A key that is no more has no limits of its own.
  public List<Limit> of(Caller caller, Destination destination) {
    List<Limit> limits = new ArrayList<>(compiler.others(caller, destination));
    KeyEntry key = keys.get(new EntryKey(Kind.API_KEY, caller.keyNamespace(), caller.keyName()));
    if (key != null) {
      limits.addAll(ofKey(key));
    }
    return limits;
  }

  private List<Limit> ofKey(KeyEntry key) {
    List<Limit> limits = new ArrayList<>(compiler.own(key));
    if (key.prepaid()) {
      limits.add(LimitCompiler.prepaid(key));
    }
    return limits;
  }

  /// Whether some key spends what was topped up.
  public boolean hasPrepaidKeys() {
    return keys.values().stream().anyMatch(KeyEntry::prepaid);
  }

  /// Every span of time that some limit speaks of.
  public Set<Span> spans() {
    Set<Span> spans = new HashSet<>();
    keys.values().forEach(key -> ofKey(key).forEach(limit -> spans.add(limit.span())));
    compiler.ofPoliciesAndProviders().forEach(limit -> spans.add(limit.span()));
    return spans;
  }
}
