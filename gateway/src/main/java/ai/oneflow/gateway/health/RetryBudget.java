package ai.oneflow.gateway.health;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// How often targets may be called anew on top of ordinary traffic, so that retries do not finish
/// off a provider that is down: a share of the requests, and a few beyond that, so that a request
/// now and then is retried however little traffic there is. Thread-safe; nothing here blocks.
public final class RetryBudget {
  /// Shares are kept for so many retries at most.
  private static final long MOST = 100;

  private static final long FEW = 10;

  /// A retry, in the hundredths that requests pay in.
  private static final long RETRY = 100;

  private static final long NANOS_A_SECOND = 1_000_000_000;

  private final int percent;
  private final LongSupplier nanos;
  private final AtomicLong saved = new AtomicLong();
  private final AtomicLong spentFromFew = new AtomicLong();
  private final AtomicLong refilledAtNanos;

  /// @param percent of the requests, 0 to 100; 0: no retries at all
  public RetryBudget(int percent, LongSupplier nanos) {
    this.percent = percent;
    this.nanos = nanos;
    this.refilledAtNanos = new AtomicLong(nanos.getAsLong());
  }

  int percent() {
    return percent;
  }

  /// A request has come.
  public void request() {
    if (saved.get() < MOST * RETRY) {
      saved.addAndGet(percent);
    }
  }

  /// Takes a retry out of it, if there is one.
  public boolean tryRetry() {
    return percent > 0 && (takeShare() || takeOfFew());
  }

  private boolean takeShare() {
    long before = saved.get();
    while (before >= RETRY) {
      if (saved.compareAndSet(before, before - RETRY)) {
        return true;
      }
      before = saved.get();
    }
    return false;
  }

  /// One a second comes back.
  private boolean takeOfFew() {
    long now = nanos.getAsLong();
    long since = refilledAtNanos.get();
    long seconds = (now - since) / NANOS_A_SECOND;
    if (seconds > 0 && refilledAtNanos.compareAndSet(since, since + seconds * NANOS_A_SECOND)) {
      spentFromFew.updateAndGet(spent -> Math.max(0, spent - seconds));
    }
    return spentFromFew.getAndUpdate(spent -> Math.min(FEW, spent + 1)) < FEW;
  }
}
