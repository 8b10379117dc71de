package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes counters in memory that begin with what the ledger has: once all that earlier processes
/// recorded is in SQL, and SQL can be read. Tries until then, on a thread of its own.
public final class MemoryStart {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryStart.class);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);

  private final JournaledLedger ledger;
  private final LedgerHistory history;
  private final Supplier<CompiledConfiguration> configuration;

  /// @param configuration the one in force
  public MemoryStart(
      JournaledLedger ledger,
      LedgerHistory history,
      Supplier<CompiledConfiguration> configuration) {
    this.ledger = ledger;
    this.history = history;
    this.configuration = configuration;
  }

  public CompletableFuture<MemoryQuotas> count(Crossing.Listener listener) {
    CompletableFuture<MemoryQuotas> counted = new CompletableFuture<>();
    Thread.ofVirtual().name("memory-start").start(() -> count(listener, counted));
    return counted;
  }

  private void count(Crossing.Listener listener, CompletableFuture<MemoryQuotas> counted) {
    while (!counted.isDone()) {
      try {
        if (isCurrent()) {
          MemoryQuotas counters = new MemoryQuotas(InstantSource.system(), listener);
          history.visit(configuration.get(), counters::count);
          counted.complete(counters);
        } else {
          LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
      } catch (SQLException e) {
        LOG.atDebug().setCause(e).log("the ledger cannot be read yet");
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      } catch (RuntimeException e) {
        counted.completeExceptionally(e);
      }
    }
  }

  private boolean isCurrent() {
    LedgerStatistics now = ledger.statistics();
    return now.backlogBytes() == 0 && now.open() == 0;
  }
}
