package ai.oneflow.operator.status;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// When breakers are shown in statuses: a first change at once, what follows within [#EVERY]
/// together, and in each such round at most [#MOST] statuses that have nothing else to say. Safe
/// for use by several threads.
///
/// A provider that all gateways lose at once is one status; a cluster that loses its way out may be
/// ten thousand, which the API server gets over minutes, open breakers first.
public final class BreakerPace implements AutoCloseable {
  /// How often breakers are shown.
  static final Duration EVERY = Duration.ofSeconds(5);

  /// Fifty a second on average.
  static final int MOST = 250;

  /// Of these, for breakers that are or were open: they are what people look for.
  static final int URGENT = 100;

  private final LongSupplier nanos;
  private final Timer timer;
  private final Runnable round;
  private final Runnable end;
  private final ReentrantLock lock = new ReentrantLock();
  private long begunNanos;
  private int left;
  private boolean waiting;

  /// @param round to be called for a round; returns at once
  public BreakerPace(Runnable round) {
    this(
        round,
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("breakers").daemon().factory()));
  }

  private BreakerPace(Runnable round, ScheduledExecutorService rounds) {
    this(
        round,
        System::nanoTime,
        (delay, then) -> rounds.schedule(then, delay, TimeUnit.NANOSECONDS),
        rounds::shutdownNow);
  }

  BreakerPace(Runnable round, LongSupplier nanos, Timer timer, Runnable end) {
    this.round = round;
    this.nanos = nanos;
    this.timer = timer;
    this.end = end;
    this.begunNanos = nanos.getAsLong() - EVERY.toNanos();
  }

  /// Runs something later.
  interface Timer {
    void after(long delayNanos, Runnable then);
  }

  /// There is something new to show.
  public void changed() {
    lock.lock();
    try {
      if (!waiting) {
        waiting = true;
        long next = Math.max(0, begunNanos + EVERY.toNanos() - nanos.getAsLong());
        timer.after(next, this::begin);
      }
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    lock.lock();
    try {
      waiting = false;
      begunNanos = nanos.getAsLong();
      left = MOST;
    } finally {
      lock.unlock();
    }
    round.run();
  }

  /// Whether a status may be written for breakers alone; where not, there will be another round.
  ///
  /// @param urgent whether one of them is or was open
  public boolean mayWrite(boolean urgent) {
    lock.lock();
    try {
      if (left > (urgent ? 0 : URGENT)) {
        left--;
        return true;
      }
    } finally {
      lock.unlock();
    }
    changed();
    return false;
  }

  @Override
  public void close() {
    end.run();
  }
}
