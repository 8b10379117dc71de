package ai.oneflow.gateway.config;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
      limits.addAll(compiler.own(key));
    }
    return limits;
  }
}
