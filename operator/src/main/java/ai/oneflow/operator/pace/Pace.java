package ai.oneflow.operator.pace;

import java.time.Duration;
import java.time.Instant;

/// Bounds how often something is written: at once up to a number, from then on one now and then.
/// Whoever changes a field as often as the operator puts it back must not make the two of them a
/// load on the API server. A token bucket; confined to one thread, or guarded by its caller.
public final class Pace {
  private final int atOnce;
  private final Duration every;

  /// When the last permit would be back if nobody took one any more.
  private Instant full = Instant.EPOCH;

  /// @param atOnce permits that are there at first, and after a rest
  /// @param every how long it takes until one is back
  public Pace(int atOnce, Duration every) {
    this.atOnce = atOnce;
    this.every = every;
  }

  /// Takes a permit, if there is one.
  public boolean take(Instant now) {
    Instant latest = now.plus(every.multipliedBy(atOnce));
    Instant after = later(full(now), now).plus(every);
    if (after.isAfter(latest)) {
      return false;
    }
    full = after;
    return true;
  }

  /// When there is a permit.
  public Instant next(Instant now) {
    return later(full(now).minus(every.multipliedBy(atOnce - 1L)), now);
  }

  /// A clock that was put back would else keep all permits for as long.
  private Instant full(Instant now) {
    Instant latest = now.plus(every.multipliedBy(atOnce));
    full = full.isAfter(latest) ? latest : full;
    return full;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
