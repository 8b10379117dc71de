package ai.oneflow.gateway.config.push;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/// How long to wait before the next attempt to connect: twice as long each time up to a bound, with
/// full jitter, so that a thousand gateways do not come back at one moment.
///
/// Confined to the thread of [PushClient].
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofSeconds(5);

  private final DoubleSupplier random;
  private Duration ceiling = FIRST;

  /// @param random uniform in 0 to 1
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /// @param lasted how long the connection that ended was there; one that was there for longer than
  ///     the longest wait ended a row of failures
  Duration next(Duration lasted) {
    if (lasted.compareTo(MOST) > 0) {
      ceiling = FIRST;
    }
    Duration wait = Duration.ofNanos((long) (ceiling.toNanos() * random.getAsDouble()));
    Duration doubled = ceiling.multipliedBy(2);
    ceiling = doubled.compareTo(MOST) > 0 ? MOST : doubled;
    return wait;
  }
}
