package ai.oneflow.gateway.health;

import java.time.Duration;

/// A time for which a provider wants to be left alone. Thread-safe; two that are asked for at once
/// may leave the shorter one.
final class Pause {
  /// A provider that asks for a longer one is asked again after this one.
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private volatile long untilNanos;

  Pause(long nowNanos) {
    untilNanos = nowNanos;
  }

  /// How long it still lasts, in nanoseconds; 0 where it does not.
  long nanos(long nowNanos) {
    return Math.max(0, untilNanos - nowNanos);
  }

  /// It lasts so long from now on, unless it lasts longer already.
  void extend(Duration pause, long nowNanos) {
    long pauseNanos = pause.compareTo(LONGEST) < 0 ? pause.toNanos() : LONGEST.toNanos();
    if (pauseNanos > nanos(nowNanos)) {
      untilNanos = nowNanos + pauseNanos;
    }
  }
}
