package ai.oneflow.gateway.health;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/// A clock that no correction of the system's time sets forward or back. Its instants mean nothing
/// but their distances.
final class MonotonicClock extends Clock {
  private final LongSupplier nanos;

  /// @param nanos such as [System#nanoTime()]
  MonotonicClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH.plusNanos(nanos.getAsLong());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
