package ai.oneflow.gateway;

import ai.oneflow.gateway.exchange.replay.Replayer;
import ai.oneflow.gateway.idempotency.ClaimDesk;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.memory.MemoryReplays;
import ai.oneflow.gateway.idempotency.redis.RedisReplays;
import ai.oneflow.gateway.redis.RedisAddress;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The names of a gateway's requests, where configuration says they are kept: in the Redis in which
/// it counts, or in memory.
final class Repeating implements AutoCloseable {
  /// Longer than requests run that still hold a name of a keeper that was replaced.
  private static final Duration CONCLUDED_WITHIN = Duration.ofMinutes(10);

  private final ClaimDesk desk = new ClaimDesk();
  private @Nullable Where where;
  private @Nullable Replays keeper;

  private record Where(String fleet, Optional<RedisAddress> redis) {
    static Where of(GatewayEntry gateway) {
      return new Where(
          gateway.namespace() + "/" + gateway.name(),
          gateway
              .redis()
              .map(
                  redis ->
                      new RedisAddress(
                          redis.url(), redis.password().map(Secret::reveal), redis.cluster())));
    }
  }

  /// What requests are looked up by.
  Replayer replayer() {
    return new Replayer(desk);
  }

  /// A configuration is about to be in force. One thread at a time, never an event loop. Does not
  /// wait for Redis.
  void configure(GatewayEntry gateway) {
    Where wanted = Where.of(gateway);
    if (!wanted.equals(where)) {
      where = wanted;
      keeper = open(wanted);
      Replays former = desk.replace(keeper);
      Executor later =
          CompletableFuture.delayedExecutor(CONCLUDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      later.execute(former::close);
    }
  }

  private Replays open(Where wanted) {
    return wanted
        .redis()
        .<Replays>map(redis -> RedisReplays.open(redis, wanted.fleet(), desk))
        .orElseGet(() -> new MemoryReplays(InstantSource.system(), MemoryReplays.MOST_BYTES, desk));
  }

  @Override
  public void close() {
    if (keeper != null) {
      keeper.close();
    }
  }
}
