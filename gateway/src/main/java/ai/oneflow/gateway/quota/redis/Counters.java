package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.redis.Starts.Known;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The counters that a gateway knows, by the limits that count in them and by their names in Redis.
/// Not thread-safe.
final class Counters {
  /// How many counters there may be before those that hold nothing are looked for.
  private static final int FIRST_PRUNE = 10_000;

  private final Starts starts = new Starts();

  /// By the names of limits' counters: those that limits are counted by now.
  private final Map<String, Counter> byLimit = new HashMap<>();

  /// By the names that they have in Redis.
  private final Map<String, Counter> named = new HashMap<>();

  private final Thresholds thresholds = new Thresholds();

  private int pruneAt = FIRST_PRUNE;

  Thresholds thresholds() {
    return thresholds;
  }

  /// What the limit is counted by now.
  Counter of(Limit limit, long now) {
    Counter counter = byLimit.get(limit.counter());
    if (counter == null) {
      prune(now);
      counter = begun(limit, now);
      byLimit.put(limit.counter(), counter);
    }
    counter.asked(limit, thresholds, now);
    return counter;
  }

  private Counter begun(Limit limit, long now) {
    Optional<Known> known = starts.of(Starts.mark(limit));
    if (known.isEmpty()) {
      Counter waiting = new Counter(limit, Starts.UNKNOWN, now);
      waiting.become(Counter.State.WAITING);
      return waiting;
    }
    Counter counter = of(limit, known.get().start(), now);
    counter.become(known.get().state());
    return counter;
  }

  /// What the limit is counted by from this start.
  Counter of(Limit limit, String start, long now) {
    Counter counter =
        named.computeIfAbsent(Counter.name(limit, start), _ -> new Counter(limit, start, now));
    counter.countFrom(start);
    counter.asked(limit, thresholds, now);
    return counter;
  }

  /// One that perhaps only its name is known of.
  Counter named(String name, long now) {
    return named.computeIfAbsent(name, _ -> new Counter(name, now));
  }

  /// Those that Redis knows, or may.
  Collection<Counter> named() {
    return named.values();
  }

  /// Those that nobody knows the start of.
  List<Counter> waiting() {
    return byLimit.values().stream().filter(Counter::isWaiting).toList();
  }

  /// Doubles its bound when little was found, so that its price stays a constant for each counter.
  private void prune(long now) {
    if (byLimit.size() >= pruneAt) {
      byLimit.values().removeIf(counter -> counter.isIdle(now));
      named.values().removeIf(counter -> counter.isIdle(now));
      thresholds.prune(now);
      pruneAt = Math.max(FIRST_PRUNE, 2 * byLimit.size());
    }
  }

  /// Counters are written anew, with all that there is.
  void forget() {
    byLimit.clear();
    named.clear();
    starts.forget();
  }

  /// Limits of these marks are counted from these starts, and wanted ones of other marks wait until
  /// theirs is known.
  ///
  /// @param kept hears what was kept for limits that waited and wait no more
  /// @return the counters that limits have left, by the names of the limits' counters
  Map<String, Counter> know(
      Map<String, Known> known, Set<String> wanted, Consumer<Change> kept, long now) {
    starts.tell(known);
    Map<String, Counter> left = new HashMap<>();
    byLimit.replaceAll(
        (limit, counter) -> {
          if (!wanted.contains(counter.mark()) || isCounted(counter)) {
            return counter;
          }
          if (counter.isWaiting()) {
            return begin(limit, counter, kept, now);
          }
          counter.become(Counter.State.RETIRED);
          left.put(limit, counter);
          return counter;
        });
    byLimit.keySet().removeAll(left.keySet());
    return left;
  }

  private boolean isCounted(Counter counter) {
    Optional<Known> known = starts.of(counter.mark());
    if (known.isEmpty() || counter.isWaiting()) {
      return known.isEmpty() && counter.isWaiting();
    }
    boolean same = counter.start().equals(known.get().start());
    if (same) {
      counter.become(known.get().state());
    }
    return same;
  }

  private Counter begin(String limit, Counter waiting, Consumer<Change> kept, long now) {
    Known known = starts.of(waiting.mark()).orElseThrow();
    String name = Counter.name(waiting.slotMillis(), limit, known.start());
    Counter counter = named.computeIfAbsent(name, _ -> waiting.named(name, now));
    counter.countFrom(known.start());
    counter.become(known.state());
    waiting.drainTo(
        change -> kept.accept(new Change(counter, change.place(), change.held(), change.used())));
    return counter;
  }
}
