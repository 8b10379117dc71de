package ai.oneflow.gateway.health;

import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The room of one provider: how many requests may be under way there at once, and how many wait
/// for their turn, first come, first served. A provider that is slow fills its own room and nobody
/// else's. Thread-safe: to enter and to leave is one atomic step for as long as nobody waits, and a
/// lock of some instructions where somebody does.
public final class Bulkhead {
  /// One that waits, above those that are under way in the lower half of the same word.
  private static final long WAITING = 1L << 32;

  private final AtomicLong state = new AtomicLong();
  private final LongAdder shed = new LongAdder();

  /// As many as [#state] says, and the lock under which both change. A set, since who leaves may
  /// stand anywhere among a hundred thousand.
  private final SequencedSet<Waiter> queue = new LinkedHashSet<>();

  private volatile Bounds bounds = new Bounds(0, 0);

  private record Bounds(int mostUnderWay, int mostWaiting) {}

  /// One without bounds.
  Bulkhead() {}

  /// From now on. Whoever is under way or waits stays so; fewer are let in until they are few
  /// enough.
  ///
  /// @param mostUnderWay at once; 0: any number
  /// @param mostWaiting for their turn; 0: none
  public void bound(int mostUnderWay, int mostWaiting) {
    bounds = new Bounds(mostUnderWay, mostWaiting);
    callNext();
  }

  /// Takes a place if one is free that nobody waits for; [#leave] gives it back, once.
  public boolean tryEnter() {
    long before = state.get();
    while (waiting(before) == 0 && hasRoom(before)) {
      if (state.compareAndSet(before, before + 1)) {
        return true;
      }
      before = state.get();
    }
    return false;
  }

  /// Gives a place back, to the first that waits.
  public void leave() {
    if (waiting(state.getAndDecrement()) > 0) {
      callNext();
    }
  }

  /// Waits for a place.
  ///
  /// @param loop where all that follows is done, and [Waiter]'s methods are called
  /// @param then once there is a place, which is taken by then; never after the waiter gave up,
  ///     and not before this returns where the loop is an event loop that this runs on
  /// @return null where as many wait as may
  public @Nullable Waiter await(Executor loop, Runnable then) {
    Waiter waiter = new Waiter(loop, then);
    synchronized (queue) {
      if (queue.size() >= bounds.mostWaiting()) {
        shed.increment();
        return null;
      }
      queue.add(waiter);
      state.addAndGet(WAITING);
    }
    // A place that was given back a moment ago found nobody to call.
    callNext();
    return waiter;
  }

  private void callNext() {
    for (Waiter next = next(); next != null; next = next()) {
      if (!next.call()) {
        state.decrementAndGet();
      }
    }
  }

  /// Gives the first that waits a place, if there is one. While somebody waits nobody else enters,
  /// so that the room that is seen here cannot be lost.
  private @Nullable Waiter next() {
    synchronized (queue) {
      if (queue.isEmpty() || !hasRoom(state.get())) {
        return null;
      }
      state.addAndGet(1 - WAITING);
      return queue.removeFirst();
    }
  }

  private boolean hasRoom(long word) {
    int most = bounds.mostUnderWay();
    return most == 0 || underWay(word) < most;
  }

  private static int underWay(long word) {
    return (int) word;
  }

  private static int waiting(long word) {
    return (int) (word >>> 32);
  }

  /// Requests that have a place.
  public int underWay() {
    return underWay(state.get());
  }

  /// Requests that wait for one.
  public int waiting() {
    return waiting(state.get());
  }

  /// How often a request found the queue full, or waited in it for too long.
  public long shed() {
    return shed.sum();
  }

  boolean isIdle() {
    return state.get() == 0;
  }

  /// One that waits. All its methods are called on its own loop, so that it cannot be given up and
  /// called at once.
  public final class Waiter {
    private final Executor loop;
    private final Runnable then;
    private boolean over;

    private Waiter(Executor loop, Runnable then) {
      this.loop = loop;
      this.then = then;
    }

    /// False where the loop has ended, and its requests with it.
    private boolean call() {
      try {
        loop.execute(this::come);
        return true;
      } catch (RejectedExecutionException _) {
        return false;
      }
    }

    private void come() {
      if (!over) {
        over = true;
        then.run();
      }
    }

    /// Waits no longer, for want of a caller. Without effect once the turn has come.
    public void giveUp() {
      if (!over) {
        over = true;
        if (!withdraw()) {
          Bulkhead.this.leave();
        }
      }
    }

    /// Waits no longer, since it has waited long enough.
    ///
    /// @return false where it has been called meanwhile: then it has a place, and its turn comes
    public boolean expire() {
      boolean waited = !over && withdraw();
      if (waited) {
        over = true;
        shed.increment();
      }
      return waited;
    }

    /// False where it has been called.
    private boolean withdraw() {
      synchronized (queue) {
        boolean waited = queue.remove(this);
        if (waited) {
          state.addAndGet(-WAITING);
        }
        return waited;
      }
    }
  }
}
