package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Counters of one process. Everything is decided at once, on the calling thread.
///
/// One lock guards all counters, since a request takes from several together; it is held for some
/// hundred nanoseconds.
public final class MemoryQuotas implements Quotas {
  /// How many counters there may be before those that hold nothing are looked for.
  private static final int FIRST_PRUNE = 10_000;

  private final InstantSource clock;
  private final Crossing.Listener listener;
  private final Map<String, Tally> tallies = new HashMap<>();
  private int pruneAt = FIRST_PRUNE;
  private Predicate<String> unknown = _ -> false;

  /// Limits of unknown counters whose thresholds are looked at when the counters are known.
  private final Map<String, Limit> waiting = new HashMap<>();

  /// Crossings that are still to be told, which is done without the lock.
  private volatile List<Crossing> due = List.of();

  public MemoryQuotas(InstantSource clock, Crossing.Listener listener) {
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public void take(Ask ask, Executor loop, Consumer<Taking> then) {
    Taking taking = decide(ask);
    tell();
    then.accept(taking);
  }

  private synchronized Taking decide(Ask ask) {
    long now = clock.millis();
    List<Limit> limits = ask.limits();
    Tally[] of = new Tally[limits.size()];
    Taking.@Nullable Refused refused = null;
    List<Limit> shadowed = List.of();
    for (int i = 0; i < of.length; i++) {
      Limit limit = limits.get(i);
      if (mustNotGuess(limit)) {
        return new Taking.Unreachable(limit);
      }
      of[i] = tally(limit, now);
      warn(limit, of[i], now);
      if (of[i].fits(ask.of(limit), limit, now)) {
        continue;
      }
      if (limit.binding().binds()) {
        refused = later(refused, refusal(limit, of[i], ask.of(limit), now));
      } else if (limit.binding() == Binding.SHADOW) {
        shadowed = with(shadowed, limit);
      }
    }
    return refused != null ? refused : taken(ask, of, shadowed, now);
  }

  private boolean mustNotGuess(Limit limit) {
    return limit.mustNotBeGuessed() && unknown.test(limit.counter());
  }

  private static Taking.Taken taken(Ask ask, Tally[] of, List<Limit> shadowed, long now) {
    long[] places = new long[of.length];
    List<Standing> standings = new ArrayList<>(of.length);
    for (int i = 0; i < of.length; i++) {
      Limit limit = ask.limits().get(i);
      places[i] = of[i].hold(ask.of(limit), now);
      standings.add(standing(limit, of[i], now));
    }
    return new Taking.Taken(new Hold(ask, places), standings, shadowed);
  }

  private static Taking.Refused refusal(Limit limit, Tally tally, long wanted, long now) {
    long unheld = limit.amount() - Math.min(limit.amount(), tally.settled(now));
    return new Taking.Refused(
        standing(limit, tally, now),
        tally.millisUntilFits(wanted, limit.amount(), now),
        wanted <= unheld);
  }

  /// The one that opens later; what never opens is the latest.
  private static Taking.Refused later(Taking.@Nullable Refused one, Taking.Refused other) {
    if (one == null) {
      return other;
    }
    return Long.compareUnsigned(one.opensMillis(), other.opensMillis()) >= 0 ? one : other;
  }

  private static <T> List<T> with(List<T> some, T more) {
    List<T> all = new ArrayList<>(some);
    all.add(more);
    return all;
  }

  private static Standing standing(Limit limit, Tally tally, long now) {
    long used = tally.used(now);
    return new Standing(
        limit,
        limit.amount() - Math.min(limit.amount(), used),
        tally.millisUntilEmpty(now),
        used,
        tally.settled(now));
  }

  private Tally tally(Limit limit, long now) {
    Tally tally = tallies.get(limit.counter());
    if (tally == null) {
      prune(now);
      tally = Tally.of(limit.span(), now);
      tallies.put(limit.counter(), tally);
    }
    return tally;
  }

  /// Doubles its bound when little was found, so that its price stays a constant for each counter.
  private void prune(long now) {
    if (tallies.size() >= pruneAt) {
      tallies.values().removeIf(tally -> tally.isIdle(now));
      pruneAt = Math.max(FIRST_PRUNE, 2 * tallies.size());
    }
  }

  @Override
  public void settle(Hold hold, Spent spent) {
    if (!hold.end()) {
      return;
    }
    book(hold, spent);
    tell();
  }

  private synchronized void book(Hold hold, Spent spent) {
    long now = clock.millis();
    List<Limit> limits = hold.ask().limits();
    for (int i = 0; i < limits.size(); i++) {
      Limit limit = limits.get(i);
      Tally tally = tally(limit, now);
      tally.settle(hold.place(i), hold.ask().of(limit), spent.of(limit), now);
      warn(limit, tally, now);
    }
  }

  /// Notes which thresholds are reached and have not been told of, however they were reached: by a
  /// settlement, by what the ledger has, or because the amount was lowered.
  private void warn(Limit limit, Tally tally, long now) {
    if (limit.warnAt().isEmpty() || !(tally instanceof PeriodTally period)) {
      return;
    }
    if (unknown.test(limit.counter())) {
      waiting.put(limit.counter(), limit);
      return;
    }
    long settled = period.settled(now);
    for (int percent : limit.warnAt()) {
      if (Crossing.reached(limit, percent, settled)
          && period.tells(percent, Crossing.threshold(limit, percent))) {
        due = with(due, new Crossing(limit, percent, period.periodStart(), settled));
      }
    }
  }

  private void tell() {
    if (!due.isEmpty()) {
      List<Crossing> all;
      synchronized (this) {
        all = due;
        due = List.of();
      }
      all.forEach(listener::crossed);
    }
  }

  @Override
  public void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then) {
    then.accept(standings(limits));
  }

  private synchronized List<Standing> standings(List<Limit> limits) {
    long now = clock.millis();
    return limits.stream()
        .filter(limit -> !unknown.test(limit.counter()))
        .map(limit -> standing(limit, tally(limit, now), now))
        .toList();
  }

  /// Counts what was used at an earlier time, as the ledger has it.
  public void count(Limit limit, long atMillis, long used) {
    book(limit, atMillis, used);
    tell();
  }

  private synchronized void book(Limit limit, long atMillis, long used) {
    long now = clock.millis();
    Tally tally = tally(limit, now);
    long place =
        switch (limit.span()) {
          case Span.Sliding sliding -> Math.floorDiv(atMillis, sliding.slotMillis());
          case Span.Calendar calendar -> calendar.at(atMillis).start();
          case Span.Whole() -> 0;
        };
    tally.settle(place, 0, used, now);
    warn(limit, tally, now);
  }

  /// These counters of periods begin anew: with what requests under way hold and with what comes,
  /// while somebody reads what was used before. Until [#complete] their limits refuse, unless
  /// their policy allows what cannot be told.
  public synchronized void beginAnew(Predicate<String> counters) {
    long now = clock.millis();
    unknown = counters;
    tallies.forEach(
        (counter, tally) -> {
          if (tally instanceof PeriodTally period && counters.test(counter)) {
            period.forgetSettled(now);
          }
        });
  }

  /// All is counted that was used before [#beginAnew].
  public void complete() {
    know();
    tell();
  }

  private synchronized void know() {
    unknown = _ -> false;
    long now = clock.millis();
    waiting.values().forEach(limit -> warn(limit, tally(limit, now), now));
    waiting.clear();
  }

  @Override
  public void close() {}
}
