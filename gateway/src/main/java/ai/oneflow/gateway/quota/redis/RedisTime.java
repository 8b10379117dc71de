package ai.oneflow.gateway.quota.redis;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The time of Redis, which is the one time of all gateways, as a gateway knows it between two
/// answers: behind by the way of the fastest answer. Ahead only after Redis's clock was set back,
/// and then by no more than the way of a message.
final class RedisTime {
  private final @Nullable InstantSource given;
  private volatile long aheadMillis =
      System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime());

  private volatile boolean heard;

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

  /// An answer that has just come was made at this time, to what was sent then.
  ///
  /// It was made after that and before now, which is all that it says: one that waited here for a
  /// process that stood still would turn the time back.
  void heard(long redisMillis, long sentUptimeMillis) {
    long least = redisMillis - uptimeMillis();
    long most = redisMillis - sentUptimeMillis;
    aheadMillis = heard ? Math.clamp(aheadMillis, least, Math.max(least, most)) : least;
    heard = true;
  }

  private static long uptimeMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
