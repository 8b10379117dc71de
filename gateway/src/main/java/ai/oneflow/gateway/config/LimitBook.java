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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  /// Those of [#of] that count until a period ends, or for ever.
  public List<Limit> lastingOf(Caller caller, Destination destination) {
    return of(caller, destination).stream().filter(Limit::isLasting).toList();
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
    return spans(_ -> true);
  }

  /// Every span of time that some of these limits speak of.
  public Set<Span> spansOf(NewLimits limits) {
    return spans(limit -> limits.has(limit.counter()));
  }

  private Set<Span> spans(Predicate<Limit> which) {
    Stream<Limit> ofKeys = keys.values().stream().flatMap(key -> ofKey(key).stream());
    return Stream.concat(ofKeys, compiler.ofPoliciesAndProviders().stream())
        .filter(which)
        .map(Limit::span)
        .collect(Collectors.toSet());
  }

  /// Counters whose past is to be counted now. A policy that speaks of others than before is new;
  /// windows are not told of, since they are over soon.
  public NewLimits newSince(LimitBook former) {
    Map<String, String> before = former.lasting();
    Set<String> marks = new HashSet<>();
    lasting()
        .forEach(
            (mark, subject) -> {
              if (!subject.equals(before.get(mark))) {
                marks.add(mark);
              }
            });
    return new NewLimits(marks);
  }

  /// Whom each limit of a period or of all time speaks of, by the mark of its counters.
  public Map<String, String> lasting() {
    Map<String, String> subjects = new HashMap<>(compiler.subjects());
    for (KeyEntry key : keys.values()) {
      ofKey(key).stream()
          .filter(Limit::isLasting)
          .forEach(limit -> subjects.put(limit.mark(), limit.subject()));
    }
    return subjects;
  }
}
