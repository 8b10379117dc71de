package ai.oneflow.gateway.telemetry;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/// The requests of one surface. A counter for a status is made when the status first occurs; there
/// are at most a thousand.
final class HttpMeters {
  private static final int STATUSES = 1_000;

  private final AtomicReferenceArray<LongAdder> byStatus = new AtomicReferenceArray<>(STATUSES);
  private final Histogram durations = Histogram.ofRequests();

  void finished(int status, long durationNanos) {
    durations.record(durationNanos);
    LongAdder counter = byStatus.get(status);
    if (counter == null) {
      byStatus.compareAndSet(status, null, new LongAdder());
      counter = byStatus.get(status);
    }
    counter.increment();
  }

  Histogram durations() {
    return durations;
  }

  /// Called with each status that occurred.
  void statuses(StatusCount each) {
    for (int status = 0; status < STATUSES; status++) {
      LongAdder counter = byStatus.get(status);
      if (counter != null) {
        each.accept(status, counter.sum());
      }
    }
  }

  /// Receives a status and how often it was answered.
  interface StatusCount {
    void accept(int status, long count);
  }
}
