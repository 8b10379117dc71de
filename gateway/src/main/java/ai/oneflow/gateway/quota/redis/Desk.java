package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.redis.Courier.Sending;
import ai.oneflow.gateway.redis.RedisLink;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where all requests of a gateway come with their limits: decides what it can, and has the courier
/// ask Redis for the rest.
///
/// One lock guards the books and the courier; nobody else's code runs with it held. Thread-safe.
final class Desk {
  private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Terms terms;
  private final RedisLink link;
  private final Books books = new Books();
  private final Courier courier;
  private Optional<CompletableFuture<Void>> leaving = Optional.empty();
  private boolean gathering;
  private long swept = System.nanoTime();
  private long here;
  private long asked;

  Desk(Terms terms, RedisLink link, Trouble trouble) {
    this.terms = terms;
    this.link = link;
    courier = new Courier(terms, books, trouble);
  }

  void take(Ask ask, Executor loop, Consumer<Taking> then) {
    Taking decided;
    boolean alone;
    synchronized (this) {
      Take take = books.take(ask, loop, then, terms.time().now());
      decided = courier.isReachable() ? decide(take) : courier.decideAway(take);
      alone = decided == null && !gathering;
      gathering |= alone;
    }
    if (decided != null) {
      then.accept(decided);
    } else if (alone) {
      loop.execute(this::sendGathered);
    }
  }

  /// Behind whatever else the event loop has to do in this turn: what the other requests of the
  /// turn ask goes along, for much less than a call of its own.
  private void sendGathered() {
    Sending next;
    synchronized (this) {
      gathering = false;
      next = courier.next();
    }
    send(next);
  }

  /// Null: Redis is asked.
  private @Nullable Taking decide(Take take) {
    Optional<Limit> unknown = books.unknownOf(take);
    if (unknown.isPresent()) {
      return new Taking.Unreachable(unknown.get());
    }
    long now = terms.time().now();
    if (terms.shares() && courier.isTrusted()) {
      books.reserve(take, now);
    }
    if (take.asked() == 0) {
      here++;
      return books.taken(take, List.of(), now);
    }
    asked++;
    courier.add(take);
    return null;
  }

  synchronized void settle(Hold hold, Spent spent) {
    Live was = books.settle(hold, spent, terms.time().now());
    was.alone().ifPresent(alone -> courier.away().settle(alone, spent));
    was.checkpoint().ifPresent(id -> courier.add(Note.end(id)));
  }

  void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then) {
    boolean reachable;
    Sending next = null;
    synchronized (this) {
      long now = terms.time().now();
      reachable = courier.isReachable();
      if (reachable) {
        List<Limit> known =
            limits.stream().filter(limit -> books.counter(limit, now).isOpen()).toList();
        List<Counter> of = known.stream().map(limit -> books.counter(limit, now)).toList();
        courier.add(new Look(known, of, loop, then));
        next = courier.next();
      }
    }
    if (!reachable) {
      then.accept(List.of());
    }
    send(next);
  }

  /// Asks Redis about a request that needs nothing: the first one takes longer than callers wait.
  void rehearse(Ask nothing, Consumer<Taking> then) {
    Sending next;
    synchronized (this) {
      courier.add(books.take(nothing, Runnable::run, then, terms.time().now()));
      next = courier.next();
    }
    send(next);
  }

  synchronized boolean isReachable() {
    return courier.isReachable();
  }

  synchronized void add(Change change) {
    books.add(change);
  }

  /// Counts what was used earlier.
  synchronized void count(Limit limit, long atMillis, long used) {
    books.add(change(limit, atMillis, used));
  }

  synchronized Change change(Limit limit, long atMillis, long used) {
    Counter counter = books.counter(limit, terms.time().now());
    return new Change(counter, counter.placeAt(atMillis), 0, used);
  }

  /// A counter that perhaps only its name is known of.
  synchronized Counter counter(String name) {
    return books.counters().named(name, terms.time().now());
  }

  /// Looks into the books, or writes there, with the lock held.
  synchronized <T> T books(Function<Books, T> task) {
    return task.apply(books);
  }

  /// Puts the progress of requests into the lease.
  synchronized void note(Collection<Checkpoint> checkpoints) {
    for (Checkpoint checkpoint : checkpoints) {
      if (books.mark(checkpoint.hold(), checkpoint.id())) {
        courier.add(new Note(checkpoint.id(), checkpoint.progress()));
      }
    }
  }

  /// Sends something of the caretaker's.
  void add(Op op) {
    Sending next;
    synchronized (this) {
      courier.add(op);
      next = courier.next();
    }
    send(next);
  }

  /// Counts under a new lease: nothing of this gateway is booked.
  void open(Lease lease) {
    Sending next;
    synchronized (this) {
      books.bookAnew(terms.time().now());
      courier.begin(lease, 0);
      next = courier.next();
    }
    send(next);
  }

  /// What is booked is in doubt, and will be again what the ledger has, and what is under way now.
  ///
  /// The gate marks with the lock held and between two requests: what settled before is in the
  /// journal and comes into SQL, what settles later is told to Redis.
  StartingOver startOver(LedgerGate gate) {
    Outbox outbox = new Outbox(terms.listener());
    StartingOver starting;
    synchronized (this) {
      courier.end(outbox);
      courier.forgetStarts(outbox);
      books.startOver();
      starting =
          new StartingOver(
              System.currentTimeMillis(), gate.drainAndPause(), books.underWay(terms.time().now()));
    }
    outbox.send();
    return starting;
  }

  /// Gives all shares back. Done when Redis knows that and everything else.
  CompletableFuture<Void> farewell() {
    synchronized (this) {
      books.returnShares();
      leaving = Optional.of(new CompletableFuture<>());
      return leaving.get();
    }
  }

  /// Counts under a lease that holds what [#startOver] returned.
  void resume(Lease lease) {
    Sending next;
    synchronized (this) {
      courier.begin(lease, 1);
      next = courier.next();
    }
    send(next);
  }

  /// The connection is down.
  void disconnected() {
    Outbox outbox = new Outbox(terms.listener());
    Sending next;
    synchronized (this) {
      courier.leave(outbox);
      next = courier.next();
    }
    outbox.send();
    send(next);
  }

  /// To be called every few milliseconds; returns whether there is reason to.
  boolean tick() {
    Outbox outbox = new Outbox(terms.listener());
    Sending next;
    boolean quiet;
    synchronized (this) {
      sweep();
      next = courier.tick(outbox);
      quiet = courier.isQuiet();
      if (quiet) {
        leaving.ifPresent(gone -> outbox.add(() -> gone.complete(null)));
      }
    }
    outbox.send();
    send(next);
    return !quiet;
  }

  private void sweep() {
    long now = System.nanoTime();
    if (now - swept >= SWEEP_NANOS) {
      swept = now;
      books.returnIdleShares(terms.time().now());
    }
  }

  private void send(@Nullable Sending sending) {
    if (sending != null) {
      sending.call().make(link).whenComplete((answer, failure) -> ended(sending, answer, failure));
    }
  }

  private void ended(Sending sending, byte @Nullable [] answer, @Nullable Throwable failure) {
    Outbox outbox = new Outbox(terms.listener());
    Sending next;
    synchronized (this) {
      if (failure != null) {
        courier.failed(sending, failure, outbox);
      } else if (answer != null) {
        courier.received(sending, answer, outbox);
      }
      next = gathering ? null : courier.next();
    }
    outbox.send();
    send(next);
  }

  synchronized QuotaStatistics statistics(long reaped, long rebuilds) {
    return new QuotaStatistics(
        here,
        asked,
        courier.batches(),
        courier.operations(),
        courier.awayMillis(),
        books.shared(),
        books.owed(),
        reaped,
        rebuilds);
  }

  synchronized int gateways() {
    return courier.gateways();
  }
}
