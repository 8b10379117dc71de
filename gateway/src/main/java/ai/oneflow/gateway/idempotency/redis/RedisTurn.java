package ai.oneflow.gateway.idempotency.redis;

import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.Turn;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A claim in Redis. That it was answered or let go is said again until Redis has heard it.
final class RedisTurn implements Turn {
  private static final Logger LOG = LoggerFactory.getLogger(RedisTurn.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final int MOST_DOUBLINGS = 5;

  /// More than a minute in all. It is a bound on what answers may lie in memory meanwhile.
  private static final int CONCLUDE_TRIES = 25;

  /// By then its lease is over.
  private static final int LET_GO_TRIES = 8;

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
    byte[][] arguments = arguments(Replays.KEPT_MILLIS, answer);
    persist(() -> tellConclusion(arguments), CONCLUDE_TRIES)
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                replays.changed(identity.name());
              } else {
                LOG.warn(
                    "redis did not take an answer: who repeats its request is charged again",
                    failure);
              }
            });
  }

  private CompletableFuture<byte[]> tellConclusion(byte[][] arguments) {
    return replays
        .tell(Scripts.CONCLUDE, identity.name(), arguments)
        .whenComplete(
            (_, failure) -> {
              if (failure != null && isFull(failure)) {
                renew(Replays.KEPT_MILLIS); // without its answer, but nobody is charged again
              }
            });
  }

  @Override
  public void letGo() {
    persist(() -> replays.tell(Scripts.LET_GO, identity.name(), arguments(0)), LET_GO_TRIES)
        .whenComplete((_, _) -> replays.changed(identity.name()));
  }

  /// Says it again until Redis has heard it: a connection that breaks fails what waits at it.
  private CompletableFuture<Void> persist(
      Supplier<CompletableFuture<byte[]>> saying, int mostTries) {
    CompletableFuture<Void> said = new CompletableFuture<>();
    replays.remember(said);
    persist(saying, mostTries, 1, said);
    return said;
  }

  private void persist(
      Supplier<CompletableFuture<byte[]>> saying,
      int mostTries,
      int tries,
      CompletableFuture<Void> said) {
    saying
        .get()
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                said.complete(null);
              } else if (tries == mostTries || replays.isClosed()) {
                said.completeExceptionally(failure);
              } else {
                later(tries, () -> persist(saying, mostTries, tries + 1, said));
              }
            });
  }

  private static void later(int tries, Runnable again) {
    long pause = FIRST_PAUSE_MILLIS << Math.min(tries, MOST_DOUBLINGS);
    CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS).execute(again);
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
}
