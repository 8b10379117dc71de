package ai.oneflow.gateway.quota.redis;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every few milliseconds at what time has brought. While there is nothing to wait for it
/// does so seldom, so that a gateway nobody asks leaves the processor alone.
final class Clockwork implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Clockwork.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /// For so many ticks there must have been nothing: what comes in a row wakes it once.
  private static final int RESTS_AFTER = 4;

  private final BooleanSupplier tick;
  private final Thread thread = Thread.ofPlatform().daemon().name("quotas").unstarted(this);
  private volatile boolean resting;
  private volatile boolean closed;

  /// @param tick whether there is something to wait for
  Clockwork(BooleanSupplier tick) {
    this.tick = tick;
  }

  void start() {
    thread.start();
  }

  @Override
  public void run() {
    int quiet = 0;
    while (!closed) {
      quiet = isBusy() ? 0 : quiet + 1;
      // One more tick after it is set: what came before that has woken nobody.
      boolean rests = resting && quiet > 0;
      resting = quiet >= RESTS_AFTER;
      LockSupport.parkNanos(rests ? REST_NANOS : TICK_NANOS);
    }
  }

  private boolean isBusy() {
    try {
      return tick.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.error("counters in redis have a fault", e);
      return true;
    }
  }

  /// There is something to wait for. Costs nothing while it does not rest.
  void wake() {
    if (resting) {
      resting = false;
      LockSupport.unpark(thread);
    }
  }

  /// Does not wait for a tick that is under way.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
