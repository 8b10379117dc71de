package ai.oneflow.gateway.quota.redis;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The time of Redis, which is the one time of all gateways, as a gateway knows it between two
/// answers: behind by the way of an answer, never ahead.
final class RedisTime {
  private final @Nullable InstantSource given;
  private volatile long aheadMillis =
      System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

  /// Redis's own.
  RedisTime() {
    given = null;
  }

  /// A clock that Redis is told to go by; for tests.
  RedisTime(InstantSource given) {
    this.given = given;
  }

  /// In milliseconds since 1970.
  long now() {
    return given == null ? uptimeMillis() + aheadMillis : given.millis();
  }

  /// What a message says: the time to go by, or 0 for Redis's own.
  long told() {
    return given == null ? 0 : given.millis();
  }

  /// An answer that has just come was made at this time.
  void heard(long redisMillis) {
    aheadMillis = redisMillis - uptimeMillis();
  }

  private static long uptimeMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
