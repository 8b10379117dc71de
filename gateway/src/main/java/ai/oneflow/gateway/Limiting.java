package ai.oneflow.gateway;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.push.SpendReports;
import ai.oneflow.gateway.exchange.ExchangePipeline;
import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.quota.CurrentQuotas;
import ai.oneflow.gateway.quota.UnknownQuotas;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import ai.oneflow.gateway.recount.LedgerHistory;
import ai.oneflow.gateway.recount.ToppedUp;
import ai.oneflow.gateway.spending.SpendWatch;
import ai.oneflow.gateway.spending.Warnings;
import ai.oneflow.gateway.telemetry.GatewayMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The counters of a gateway, where configuration says they are, and who is told when budgets near
/// their end.
///
/// Counters in memory begin with what the ledger has. A first configuration waits some seconds for
/// that; a ledger that is away for longer is asked on in the background, and budgets refuse until
/// it answers, since nobody knows what is left of them.
final class Limiting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Limiting.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);

  private final SpendReports reports = new SpendReports();
  private final Warnings warnings;
  private final CurrentQuotas quotas = new CurrentQuotas(new UnknownQuotas());
  private final SpendWatch spending;
  private final UnderWay underWay = new UnderWay();
  private final Past past;
  private boolean begun;
  private volatile boolean closed;

  /// What was used before this process.
  ///
  /// @param toppedUp what was paid in for prepaid keys
  /// @param isInSql whether all that earlier processes recorded has come there by now
  record Past(LedgerHistory history, ToppedUp toppedUp, BooleanSupplier isInSql) {}

  Limiting(GatewayMetrics metrics, Past past) {
    this.spending = new SpendWatch(quotas, reports, InstantSource.system());
    this.warnings =
        new Warnings(
            crossing -> {
              metrics.crossed(crossing);
              spending.crossed(crossing);
            });
    this.past = past;
  }

  /// What requests are admitted by.
  ExchangePipeline.Counting counting(BooleanSupplier ledgerAccepts) {
    return new ExchangePipeline.Counting(
        quotas,
        past.toppedUp(),
        ledgerAccepts,
        key -> spending.spent(key.id(), key.spend()),
        underWay);
  }

  /// What the operator is to be told.
  SpendReports reports() {
    return reports;
  }

  /// A configuration is about to be in force. One thread at a time, never an event loop.
  void configure(CompiledConfiguration configuration) {
    warnings.configure(configuration.gateway().webhook());
    if (configuration.limits().hasPrepaidKeys()) {
      past.toppedUp().begin();
    }
    if (!begun) {
      begun = true;
      long giveUp = System.nanoTime() + PATIENCE.toNanos();
      if (!count(configuration, giveUp)) {
        LOG.atWarn().log("the ledger cannot be read: budgets refuse until it can");
        Thread.ofVirtual().name("recount").start(() -> count(configuration, Long.MAX_VALUE));
      }
    }
  }

  /// Tries until the counters are known, or until that moment.
  private boolean count(CompiledConfiguration configuration, long untilNanos) {
    boolean known = false;
    while (!known && !closed && (untilNanos == Long.MAX_VALUE || System.nanoTime() < untilNanos)) {
      known = past.isInSql().getAsBoolean() && counted(configuration);
      if (!known) {
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
    return known;
  }

  private boolean counted(CompiledConfiguration configuration) {
    MemoryQuotas counters = new MemoryQuotas(InstantSource.system(), warnings);
    try {
      past.history().visit(configuration, counters::count);
      quotas.replace(counters);
      return true;
    } catch (SQLException e) {
      LOG.atDebug().setCause(e).log("the ledger cannot be read");
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    quotas.close();
    warnings.close();
    spending.close();
    past.toppedUp().close();
  }
}
