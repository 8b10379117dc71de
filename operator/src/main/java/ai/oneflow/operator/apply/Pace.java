package ai.oneflow.operator.apply;

import java.time.Duration;
import java.time.Instant;

/// Bounds how often something is written: at once up to a number, from then on one now and then.
/// Whoever changes a field as often as the operator puts it back must not make the two of them a
/// load on the API server. Confined to one thread.
final class Pace {
  private final int atOnce;
  private final Duration every;

  /// When the last permit would be back if nobody took one any more.
  private Instant full = Instant.MIN;

  /// @param atOnce permits that are there at first, and after a rest
  /// @param every how long it takes until one is back
  Pace(int atOnce, Duration every) {
    this.atOnce = atOnce;
    this.every = every;
  }

  /// Takes a permit, if there is one.
  boolean take(Instant now) {
    Instant after = (full.isAfter(now) ? full : now).plus(every);
    if (after.isAfter(now.plus(every.multipliedBy(atOnce)))) {
      return false;
    }
    full = after;
    return true;
  }

  /// When there is a permit.
  Instant next(Instant now) {
    Instant next = full.minus(every.multipliedBy(atOnce - 1L));
    return next.isAfter(now) ? next : now;
  }
}
