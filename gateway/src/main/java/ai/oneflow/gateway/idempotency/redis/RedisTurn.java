package ai.oneflow.gateway.idempotency.redis;

import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.Turn;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A claim in Redis. What it was answered with is said again until Redis has it.
final class RedisTurn implements Turn {
  private static final Logger LOG = LoggerFactory.getLogger(RedisTurn.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 5;

  /// More than a minute in all. It is a bound on what answers may lie in memory meanwhile.
  private static final int MOST_TRIES = 25;

  private final RedisReplays replays;
  private final Identity identity;
  private final String fence;

  RedisTurn(RedisReplays replays, Identity identity, String fence) {
    this.replays = replays;
    this.identity = identity;
    this.fence = fence;
  }

  Identity identity() {
    return identity;
  }

  byte[][] arguments(long millis, byte[]... more) {
    byte[][] all = new byte[3 + more.length][];
    all[0] = RedisReplays.bytes(identity.body());
    all[1] = RedisReplays.bytes(fence);
    all[2] = RedisReplays.bytes(Long.toString(millis));
    System.arraycopy(more, 0, all, 3, more.length);
    return all;
  }

  @Override
  public void renew() {
    renew(Replays.LEASE_MILLIS);
  }

  private void renew(long millis) {
    replays
        .tell(Scripts.RENEW, identity.name(), arguments(millis))
        .exceptionally(
            failure -> {
              LOG.debug("redis did not renew a claim", failure);
              return new byte[0];
            });
  }

  @Override
  public void conclude(Conclusion conclusion) {
    byte[] answer =
        switch (conclusion) {
          case Conclusion.Kept(var kept) -> identity.seal().seal(kept.encode());
          case Conclusion.NotKept() -> new byte[0];
        };
    CompletableFuture<Void> concluded = new CompletableFuture<>();
    replays.remember(concluded);
    conclude(arguments(Replays.KEPT_MILLIS, answer), 1, concluded);
  }

  private void conclude(byte[][] arguments, int tries, CompletableFuture<Void> concluded) {
    replays
        .tell(Scripts.CONCLUDE, identity.name(), arguments)
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                replays.changed(identity.name());
                concluded.complete(null);
              } else {
                concludeLater(arguments, tries, failure, concluded);
              }
            });
  }

  private void concludeLater(
      byte[][] arguments, int tries, Throwable failure, CompletableFuture<Void> concluded) {
    if (tries == MOST_TRIES || replays.isClosed()) {
      LOG.warn("redis did not take an answer: who repeats its request is charged again", failure);
      concluded.completeExceptionally(failure);
      return;
    }
    if (isFull(failure)) {
      renew(Replays.KEPT_MILLIS); // without its answer, but so that nobody is charged again
    }
    long pause = FIRST_PAUSE_MILLIS << Math.min(tries, MOST_DOUBLINGS);
    Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS);
    later.execute(() -> conclude(arguments, tries + 1, concluded));
  }

  /// Redis says so where `maxmemory` is reached.
  private static boolean isFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("OOM command not allowed")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void letGo() {
    replays
        .tell(Scripts.LET_GO, identity.name(), arguments(0))
        .whenComplete((_, _) -> replays.changed(identity.name()));
  }
}
