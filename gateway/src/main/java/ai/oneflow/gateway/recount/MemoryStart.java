package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.exchange.Settled;
import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes counters in memory that begin with what the ledger has, once all that earlier processes
/// recorded is in SQL.
///
/// As in [AddedLimits] a line is drawn between two requests, which need not cease for it. From
/// there on new requests take from the counters; what ended before is read in SQL, and until that
/// is done limits refuse that must not be guessed. What is under way took what it holds elsewhere,
/// and is counted here when it ends. So each request counts once. Tries until SQL can be read, with
/// counters of their own each time, on a thread of its own. Thread-safe.
public final class MemoryStart implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryStart.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

  private final JournaledLedger ledger;
  private final LedgerHistory history;
  private final UnderWay underWay;
  private final Supplier<CompiledConfiguration> configuration;
  private final CompletableFuture<MemoryQuotas> known = new CompletableFuture<>();

  /// Those of the latest line.
  private volatile @Nullable MemoryQuotas counters;

  private boolean paused;

  /// @param configuration the one in force
  public MemoryStart(
      JournaledLedger ledger,
      LedgerHistory history,
      UnderWay underWay,
      Supplier<CompiledConfiguration> configuration) {
    this.ledger = ledger;
    this.history = history;
    this.underWay = underWay;
    this.configuration = configuration;
  }

  /// Begins, once.
  ///
  /// @param inForce given counters that requests shall take from at once; for microseconds
  /// @return the counters, when they know all; cancelled by [#close]
  public CompletableFuture<MemoryQuotas> count(
      Crossing.Listener listener, Consumer<MemoryQuotas> inForce) {
    Thread.ofVirtual().name("memory-start").start(() -> tryUntilKnown(listener, inForce));
    return known;
  }

  private void tryUntilKnown(Crossing.Listener listener, Consumer<MemoryQuotas> inForce) {
    while (!known.isDone()) {
      if (ledger.isCarriedOn()) {
        MemoryQuotas next = new MemoryQuotas(InstantSource.system(), listener);
        next.beginAnew(_ -> true);
        draw(next, inForce).handle((_, _) -> true).join();
        read(next);
      } else {
        LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      }
    }
  }

  private synchronized CompletableFuture<Void> draw(
      MemoryQuotas next, Consumer<MemoryQuotas> inForce) {
    if (known.isDone()) {
      return CompletableFuture.completedFuture(null);
    }
    paused = true;
    return underWay.between(
        () -> {
          counters = next;
          inForce.accept(next);
          return ledger.drainAndPause();
        });
  }

  /// Where SQL cannot be read the ledger goes on before the next try: what cannot be read for long
  /// must not fill the journal.
  private void read(MemoryQuotas next) {
    try {
      history.visit(configuration.get(), next::count);
      next.complete();
      resume();
      known.complete(next);
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("the ledger cannot be read yet");
      resume();
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    } catch (RuntimeException e) {
      resume();
      known.completeExceptionally(e);
    }
  }

  private synchronized void resume() {
    if (paused) {
      paused = false;
      ledger.resume();
    }
  }

  /// A request has ended: counts it if it took what it held elsewhere. On its event loop.
  ///
  /// @return whether it did, and all that counts is counted
  public boolean settled(Settled request) {
    MemoryQuotas latest = counters;
    if (latest == null || request.hold().isKeptBy(latest)) {
      return false;
    }
    for (Limit limit : configuration.get().limits().of(request.caller(), request.destination())) {
      long used = request.spent().of(limit);
      if (used > 0) {
        latest.count(limit, request.id().startMillis(), used);
      }
    }
    return true;
  }

  /// Nobody counts here any more.
  @Override
  public synchronized void close() {
    known.cancel(false);
    counters = null;
    resume();
  }
}
