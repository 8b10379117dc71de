package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.WhenAway;
import ai.oneflow.gateway.quota.redis.Take.Met;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// What one gateway knows and owes: its shares, its holds, and the changes that Redis is still to
/// be told. Not thread-safe.
final class Books {
  private final Counters counters = new Counters();
  private final Holds holds = new Holds();
  private final Set<Counter> sharing = new HashSet<>();
  private final ArrayDeque<Counter> dirty = new ArrayDeque<>();

  Counters counters() {
    return counters;
  }

  Counter counter(Limit limit, long now) {
    return counters.of(limit, now);
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
      if (take.isAsked(i)) {
        spend(take, i, now);
      }
      asks |= take.isAsked(i) && bindingOf(take, i) != Binding.COUNT;
    }
    for (int i = 0; i < take.size() && !asks; i++) {
      if (take.isAsked(i)) {
        book(take, i, now);
      }
    }
  }

  /// Meets one limit without asking: Redis is told later.
  void book(Take take, int limit, long now) {
    long wanted = take.wanted(limit);
    if (wanted == 0) {
      take.meet(limit, Met.UNBOOKED, Hold.NOWHERE);
    } else {
      long place = take.counter(limit).place(now);
      change(take.counter(limit), place, wanted, wanted);
      take.meet(limit, Met.HERE, place);
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
    holds.add(hold, how);
    for (int i = 0; i < take.size(); i++) {
      if (take.isHere(i) && take.counter(i).state() == Counter.State.RETIRED) {
        Limit limit = take.ask().limits().get(i);
        move(hold.place(i), take.wanted(i), take.counter(i), counter(limit, now));
      }
    }
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
    return holds.remove(hold);
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

  private void move(long place, long held, Counter from, Counter to) {
    change(from, place, -held, -held);
    change(to, place, held, held);
  }

  /// What a counter is told that waits is kept until it is known which one it is.
  void change(Counter counter, long place, long held, long used) {
    boolean clean = !counter.hasChanges();
    counter.change(place, held, used);
    if (clean && counter.hasChanges() && !counter.isWaiting()) {
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
    counters.named().forEach(this::returnShare);
  }

  /// Whether there are requests that have not settled.
  boolean hasHolds() {
    return !holds.isEmpty();
  }

  void returnIdleShares(long now) {
    sharing.stream().filter(counter -> counter.share().isIdle(now)).forEach(this::returnShare);
    sharing.removeIf(counter -> counter.share().isOver(now));
  }

  boolean owesChanges() {
    return !dirty.isEmpty();
  }

  /// Takes out what Redis is to be told, of about so many counters.
  List<Change> changes(int most) {
    List<Change> changes = new ArrayList<>();
    while (!dirty.isEmpty() && changes.size() < most) {
      dirty.remove().drainTo(changes::add);
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
    for (Change change : underWay(now)) {
      if (!change.counter().isWaiting()) { // Redis was never told what is kept
        add(change);
      }
    }
  }

  /// The ledger has all that was used: nothing is owed, and shares are void.
  void startOver() {
    voidShares();
    changes(Integer.MAX_VALUE);
    counters.forget();
  }

  /// See [Counters#know]. What is held of counters that limits have left goes back.
  void know(Map<String, Starts.Known> known, Set<String> wanted, long now) {
    Map<String, Counter> left = counters.know(known, wanted, this::add, now);
    left.values().forEach(this::returnShare);
    holds.each(
        (limit, place, held) -> {
          Counter counter = left.get(limit.counter());
          if (counter != null) {
            change(counter, place, -held, -held);
          }
        });
  }

  /// Counters that wait have what is under way, and nothing else: the ledger has what has ended.
  void drawLine(long now) {
    counters.waiting().forEach(counter -> counter.drainTo(_ -> {}));
    for (Change change : underWay(now)) {
      if (change.counter().isWaiting()) {
        add(change);
      }
    }
  }

  /// What is not known is a budget: what it has left cannot be guessed. The others of a take that
  /// nobody may take from count when it settles.
  Optional<Limit> unknownOf(Take take) {
    for (int i = 0; i < take.size(); i++) {
      if (!take.counter(i).isOpen()) {
        Limit limit = take.ask().limits().get(i);
        if (limit.binding().binds() && limit.whenAway() != WhenAway.ALLOW) {
          return Optional.of(limit);
        }
        take.meet(i, Met.UNBOOKED, Hold.NOWHERE);
      }
    }
    return Optional.empty();
  }

  private void voidShares() {
    counters.named().forEach(counter -> counter.share().empty());
  }

  /// What requests under way have booked.
  Collection<Change> underWay(long now) {
    List<Change> all = new ArrayList<>();
    holds.each((limit, place, held) -> all.add(new Change(counter(limit, now), place, held, held)));
    return all;
  }

  /// Notes that the hold's progress is in the lease; false where it has settled meanwhile.
  boolean mark(Hold hold, String checkpoint) {
    return holds.mark(hold, checkpoint);
  }

  long shared() {
    return counters.named().stream().filter(counter -> counter.share().left() > 0).count();
  }

  int owed() {
    return dirty.size();
  }
}
