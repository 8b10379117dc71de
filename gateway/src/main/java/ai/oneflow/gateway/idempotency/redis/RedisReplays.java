package ai.oneflow.gateway.idempotency.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.idempotency.Claim;
import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Identity;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.StoredAnswer;
import ai.oneflow.gateway.redis.RedisAddress;
import ai.oneflow.gateway.redis.RedisLink;
import ai.oneflow.gateway.redis.Script;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Names that all gateways of a fleet share, in Redis 6.2 or later, or a Valkey. Answers are
/// sealed.
///
/// While Redis does not answer, names are unreachable, at once but for one claim in half a second.
/// The connection is one of its own: an answer on its way must not hold up what limits ask.
public final class RedisReplays implements Replays {
  private static final Logger LOG = LoggerFactory.getLogger(RedisReplays.class);
  private static final long ANSWERED_WITHIN_MILLIS = 1_000;
  private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long RETRY_MILLIS = 200;
  private static final long FAREWELL_MILLIS = 1_000;

  private final RedisLink link;
  private final String prefix;
  private final Listener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread connecting;

  /// What Redis is still to be told of turns.
  private final Map<Long, CompletableFuture<?>> untold = new ConcurrentHashMap<>();

  private final AtomicLong tellings = new AtomicLong();

  private volatile long silentUntilNanos = System.nanoTime();

  private RedisReplays(RedisAddress address, String fleet, Listener listener) {
    this.link = new RedisLink(address, () -> {});
    this.prefix = "oneflow:" + fleet + ":request:";
    this.listener = listener;
    connecting = Thread.ofVirtual().name("names-connect").unstarted(this::connect);
  }

  /// Begins to connect, and goes on trying. Until then names are unreachable.
  ///
  /// @param fleet namespace and name of the LLMGateway, whose gateways share names
  public static RedisReplays open(RedisAddress address, String fleet, Listener listener) {
    RedisReplays replays = new RedisReplays(address, fleet, listener);
    replays.connecting.start();
    return replays;
  }

  private void connect() {
    try {
      while (!link.isConnected() && !closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
        tryToConnect();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryToConnect() {
    try {
      link.connect();
    } catch (RuntimeException e) {
      LOG.debug("redis cannot be reached, so requests with a name are refused", e);
    }
  }

  @Override
  public void claim(Identity identity, Executor loop, Consumer<Claim> then) {
    if (!link.isConnected() || System.nanoTime() - silentUntilNanos < 0) {
      then.accept(new Claim.Unreachable());
      return;
    }
    RedisTurn turn = new RedisTurn(this, identity, UUID.randomUUID().toString());
    CompletableFuture<byte[]> asked =
        run(Scripts.CLAIM, identity.name(), turn.arguments(LEASE_MILLIS));
    asked
        .copy()
        .orTimeout(ANSWERED_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (answer, failure) -> {
              Claim claim = answer != null ? read(turn, answer) : unreachable(turn, asked, failure);
              loop.execute(() -> then.accept(claim));
            });
  }

  private static Claim read(RedisTurn turn, byte[] answer) {
    return switch (answer[0]) {
      case 'F' -> new Claim.First(turn);
      case 'U' -> new Claim.UnderWay();
      case 'M' -> new Claim.Mismatch();
      case 'A' -> new Claim.Concluded(conclusion(turn.identity(), answer));
      default -> throw new IllegalStateException("an answer that nobody reads");
    };
  }

  private static Conclusion conclusion(Identity identity, byte[] answer) {
    return identity
        .seal()
        .open(Arrays.copyOfRange(answer, 1, answer.length))
        .flatMap(StoredAnswer::decode)
        .<Conclusion>map(Conclusion.Kept::new)
        .orElseGet(Conclusion.NotKept::new);
  }

  /// Where Redis makes a first of it after all, or may have, nobody is there to go on with it.
  private Claim unreachable(
      RedisTurn turn, CompletableFuture<byte[]> asked, @Nullable Throwable failure) {
    LOG.debug("redis did not answer a claim", failure);
    silentUntilNanos = System.nanoTime() + SILENT_NANOS;
    link.replace();
    asked.whenComplete(
        (late, lost) -> {
          if (lost != null || late[0] == 'F') {
            turn.letGo();
          }
        });
    return new Claim.Unreachable();
  }

  CompletableFuture<byte[]> run(Script script, String name, byte[]... arguments) {
    try {
      return link.run(script, new String[] {prefix + name}, arguments).toCompletableFuture();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /// Says something of a turn, within a second or not at all.
  CompletableFuture<byte[]> tell(Script script, String name, byte[]... arguments) {
    CompletableFuture<byte[]> told =
        run(script, name, arguments)
            .copy()
            .orTimeout(ANSWERED_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
    remember(told);
    return told;
  }

  /// Is waited for before the end.
  void remember(CompletableFuture<?> telling) {
    Long number = tellings.incrementAndGet();
    untold.put(number, telling);
    telling.whenComplete((_, _) -> untold.remove(number));
  }

  void changed(String name) {
    listener.changed(name);
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  boolean isConnected() {
    return link.isConnected();
  }

  boolean hasToldAll() {
    return untold.isEmpty();
  }

  static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  /// Tells Redis of answers that it does not have yet, for which it may take a second.
  @Override
  public void close() {
    try {
      CompletableFuture.allOf(untold.values().toArray(CompletableFuture<?>[]::new))
          .get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "redis was not told of every answer: who repeats those requests is charged again", e);
    }
    abandon();
  }

  /// Ends without a word, as a killed process does.
  void abandon() {
    if (!isClosed()) {
      closed.countDown();
      link.close();
    }
  }
}
