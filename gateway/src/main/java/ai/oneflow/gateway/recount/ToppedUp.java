package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.ledger.sql.CreditBook;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import ai.oneflow.gateway.quota.Credits;
import ai.oneflow.snapshot.EntryKey;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was paid in for prepaid keys, read from the ledger every two seconds once there is such a
/// key. While the ledger is away the last sums stand: top-ups are only added.
public final class ToppedUp implements Credits, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ToppedUp.class);
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration UNTIL_KNOWN = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private final CreditBook book;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("credits").factory());

  /// None until the ledger was read once: a key may have credits then that nobody knows of.
  private volatile @Nullable Map<KeyName, BigInteger> sums;

  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private boolean reading;

  public ToppedUp(CreditBook book) {
    this.book = book;
  }

  /// Reads from now on, the first time before this returns where that takes no longer than a few
  /// seconds: whoever configures must not wait for a ledger that does not answer. Not on an event
  /// loop.
  public synchronized void begin() {
    if (!reading) {
      reading = true;
      thread.execute(this::read);
      await(first);
    }
  }

  private static void await(Future<Void> first) {
    try {
      first.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.atWarn().setCause(e).log("top-ups are not known yet");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try {
      sums = book.toppedUp();
      first.complete(null);
    } catch (SQLException | RuntimeException e) {
      LOG.atDebug().setCause(e).log("top-ups cannot be read");
    }
    Duration rest = first.isDone() ? EVERY : UNTIL_KNOWN;
    thread.schedule(this::read, rest.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public OptionalLong toppedUp(EntryKey key) {
    Map<KeyName, BigInteger> known = sums;
    if (known == null) {
      return OptionalLong.empty();
    }
    KeyName name = new KeyName(key.namespace(), key.name());
    return OptionalLong.of(known.getOrDefault(name, BigInteger.ZERO).min(MOST).longValueExact());
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
