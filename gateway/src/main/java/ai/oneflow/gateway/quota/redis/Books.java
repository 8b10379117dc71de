package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.redis.Take.Met;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// What one gateway knows and owes: its shares, its holds, and the changes that Redis is still to
/// be told. Not thread-safe.
final class Books {
  /// How many counters there may be before those that hold nothing are looked for.
  private static final int FIRST_PRUNE = 10_000;

  private final Map<String, Counter> counters = new HashMap<>();
  private final Map<Hold, Live> live = new HashMap<>();
  private final Set<Counter> sharing = new HashSet<>();
  private final ArrayDeque<Counter> dirty = new ArrayDeque<>();
  private int pruneAt = FIRST_PRUNE;

  Counter counter(Limit limit, long now) {
    Counter counter = counters.get(limit.counter());
    if (counter == null) {
      prune(now);
      counter = new Counter(limit, now);
      counters.put(limit.counter(), counter);
    }
    counter.asked(limit, now);
    return counter;
  }

  /// One that perhaps only its name is known of.
  Counter counter(String name, long now) {
    String counter = name.substring(name.indexOf(':') + 1);
    return counters.computeIfAbsent(counter, _ -> new Counter(name, now));
  }

  /// Doubles its bound when little was found, so that its price stays a constant for each counter.
  private void prune(long now) {
    if (counters.size() >= pruneAt) {
      counters.values().removeIf(counter -> counter.isIdle(now));
      pruneAt = Math.max(FIRST_PRUNE, 2 * counters.size());
    }
  }

  Take take(Ask ask, Executor loop, Consumer<Taking> then, long now) {
    Counter[] of = new Counter[ask.limits().size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = counter(ask.limits().get(i), now);
    }
    return new Take(ask, loop, then, of);
  }

  /// Meets out of shares what can be met so. What merely counts is told to Redis later, unless
  /// Redis is asked for something else anyway.
  void reserve(Take take, long now) {
    boolean asks = false;
    for (int i = 0; i < take.size(); i++) {
      spend(take, i, now);
      asks |= take.isAsked(i) && bindingOf(take, i) != Binding.COUNT;
    }
    for (int i = 0; i < take.size() && !asks; i++) {
      if (take.isAsked(i)) {
        long place = take.counter(i).place(now);
        change(take.counter(i), place, take.wanted(i), take.wanted(i));
        take.meet(i, Met.HERE, place);
      }
    }
  }

  private static Binding bindingOf(Take take, int limit) {
    return take.ask().limits().get(limit).binding();
  }

  /// Meets one limit out of its share, if that is enough.
  void spend(Take take, int limit, long now) {
    long wanted = take.wanted(limit);
    Share share = take.counter(limit).share();
    if (wanted == 0) {
      take.meet(limit, Met.UNBOOKED, Hold.NOWHERE);
    } else if (share.has(wanted, now)) {
      take.meet(limit, Met.HERE, share.spend(wanted, now));
      take.counter(limit).booked(take.place(limit), wanted);
    }
  }

  /// Gives back what a take has that is refused after all.
  void release(Take take, long now) {
    for (int i = 0; i < take.size(); i++) {
      if (take.isHere(i)) {
        giveBack(take.counter(i), take.place(i), take.wanted(i), now);
      }
    }
  }

  void giveBack(Counter counter, long place, long amount, long now) {
    if (!counter.share().takesBack(amount, place, now)) {
      change(counter, place, -amount, -amount);
    }
  }

  Taking.Taken taken(Take take, List<Limit> shadowed, long now) {
    return taken(take, shadowed, Live.PLAIN, now);
  }

  Taking.Taken taken(Take take, List<Limit> shadowed, Live how, long now) {
    Hold hold = take.hold();
    live.put(hold, how);
    List<Standing> standings = new ArrayList<>(take.size());
    for (int i = 0; i < take.size(); i++) {
      standings.add(standing(take.ask().limits().get(i), take.counter(i), now));
    }
    return new Taking.Taken(hold, standings, shadowed);
  }

  static Standing standing(Limit limit, Counter counter, long now) {
    return new Standing(limit, counter.left(limit), counter.resetMillis(now));
  }

  /// Returns what was remembered of the hold.
  Live settle(Hold hold, Spent spent, long now) {
    List<Limit> limits = hold.ask().limits();
    for (int i = 0; i < limits.size(); i++) {
      Limit limit = limits.get(i);
      settle(counter(limit, now), hold.place(i), hold.ask().of(limit), spent.of(limit), now);
    }
    Live was = live.remove(hold);
    return was == null ? Live.PLAIN : was;
  }

  private void settle(Counter counter, long place, long held, long used, long now) {
    if (place == Hold.NOWHERE) {
      change(counter, counter.place(now), 0, used);
    } else if (used < held && counter.share().takesBack(held - used, place, now)) {
      change(counter, place, -used, 0);
    } else {
      long more = Math.max(used - held, 0);
      long shared = Math.min(more, counter.share().left());
      change(counter, counter.share().place(), -counter.share().cover(shared), 0);
      change(counter, place, -held, used - held - shared);
    }
  }

  void change(Counter counter, long place, long held, long used) {
    boolean clean = !counter.hasChanges();
    counter.change(place, held, used);
    if (clean && counter.hasChanges()) {
      dirty.add(counter);
    }
  }

  void add(Change change) {
    change(change.counter(), change.place(), change.held(), change.used());
  }

  void returnShare(Counter counter) {
    boolean clean = !counter.hasChanges();
    counter.returnShare();
    if (clean && counter.hasChanges()) {
      dirty.add(counter);
    }
  }

  /// Puts a slice into the counter's share, in the place of one that is booked elsewhere.
  void grant(Counter counter, long place, long amount, long now) {
    if (counter.share().place() != place) {
      returnShare(counter);
    }
    counter.grant(place, amount, now);
    sharing.add(counter);
  }

  void returnShares() {
    counters.values().forEach(this::returnShare);
  }

  boolean hasHolds() {
    return !live.isEmpty();
  }

  void returnIdleShares(long now) {
    for (Iterator<Counter> all = sharing.iterator(); all.hasNext(); ) {
      Counter counter = all.next();
      if (counter.share().isIdle(now)) {
        returnShare(counter);
      }
      if (counter.share().isOver(now)) {
        all.remove();
      }
    }
  }

  boolean owesChanges() {
    return !dirty.isEmpty();
  }

  /// Takes out what Redis is to be told, of about so many counters.
  List<Change> changes(int most) {
    List<Change> changes = new ArrayList<>();
    while (!dirty.isEmpty() && changes.size() < most) {
      dirty.remove().drainTo(changes);
    }
    return changes;
  }

  /// The former lease is gone, and with it all that it held: what is owed is no longer held, shares
  /// are void, and what is under way is booked anew.
  void bookAnew(long now) {
    voidShares();
    for (Change change : changes(Integer.MAX_VALUE)) {
      add(change.unheld());
    }
    underWay(now).forEach(this::add);
  }

  /// The ledger has all that was used: nothing is owed, and shares are void.
  void startOver() {
    voidShares();
    changes(Integer.MAX_VALUE);
  }

  private void voidShares() {
    counters.values().forEach(counter -> counter.share().empty());
  }

  /// What requests under way have booked.
  Collection<Change> underWay(long now) {
    List<Change> all = new ArrayList<>();
    for (Hold hold : live.keySet()) {
      List<Limit> limits = hold.ask().limits();
      for (int i = 0; i < limits.size(); i++) {
        if (hold.place(i) != Hold.NOWHERE) {
          long held = hold.ask().of(limits.get(i));
          all.add(new Change(counter(limits.get(i), now), hold.place(i), held, held));
        }
      }
    }
    return all;
  }

  /// Notes that the hold's progress is in the lease; false where it has settled meanwhile.
  boolean mark(Hold hold, String checkpoint) {
    return live.computeIfPresent(hold, (_, was) -> new Live(was.alone(), Optional.of(checkpoint)))
        != null;
  }

  long shared() {
    return counters.values().stream().filter(counter -> counter.share().left() > 0).count();
  }

  int owed() {
    return dirty.size();
  }
}
