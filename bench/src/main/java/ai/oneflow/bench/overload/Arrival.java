package ai.oneflow.bench.overload;

import java.util.concurrent.TimeUnit;

/// A request that was due at a moment, whether or not it could be sent then. Each is one of its
/// kind.
final class Arrival {
  private final Tally tally;
  private final long dueNanos;

  Arrival(Tally tally, long dueNanos) {
    this.tally = tally;
    this.dueNanos = dueNanos;
  }

  long dueNanos() {
    return dueNanos;
  }

  void answered(int status, boolean retryAfter) {
    tally.answered(status, retryAfter, TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - dueNanos));
  }

  void failed() {
    tally.failed();
  }
}
