package ai.oneflow.gateway;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.LimitBook;
import ai.oneflow.gateway.config.NewLimits;
import ai.oneflow.gateway.config.push.SpendReports;
import ai.oneflow.gateway.config.push.UseReports;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.exchange.ExchangePipeline;
import ai.oneflow.gateway.exchange.Settled;
import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.ledger.sql.LateCharges;
import ai.oneflow.gateway.quota.CurrentQuotas;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.UnknownQuotas;
import ai.oneflow.gateway.quota.memory.MemoryQuotas;
import ai.oneflow.gateway.quota.redis.RedisQuotas;
import ai.oneflow.gateway.quota.redis.RedisSettings;
import ai.oneflow.gateway.quota.redis.Run;
import ai.oneflow.gateway.recount.AddedLimits;
import ai.oneflow.gateway.recount.Backing;
import ai.oneflow.gateway.recount.Latecomers;
import ai.oneflow.gateway.recount.LedgerHistory;
import ai.oneflow.gateway.recount.MemoryStart;
import ai.oneflow.gateway.recount.Recovered;
import ai.oneflow.gateway.recount.ToppedUp;
import ai.oneflow.gateway.spending.SpendWatch;
import ai.oneflow.gateway.spending.Warnings;
import ai.oneflow.gateway.telemetry.GatewayMetrics;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The counters of a gateway, where configuration says they are, and who is told when budgets near
/// their end.
///
/// A first configuration waits some seconds for counters that are ready. Where that takes longer it
/// is in force without them, and limits that must not be guessed refuse until they are there.
final class Limiting implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Limiting.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /// Longer than requests run that still hold something of counters that were replaced.
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(10);

  private final SpendReports reports = new SpendReports();
  private final CurrentQuotas quotas = new CurrentQuotas(new UnknownQuotas());
  private final UseReports uses = new UseReports();
  private final UnderWay underWay = new UnderWay();
  private final TokenCounter tokens = new TokenCounter();
  private final Warnings warnings;
  private final SpendWatch spending;
  private final GatewayMetrics metrics;
  private final Past past;
  private final Run run = Run.begin();
  private final AddedLimits added;
  private final Latecomers latecomers = new Latecomers();
  private volatile @Nullable CompiledConfiguration current;
  private @Nullable Where where;

  /// Counters in Redis, if this gateway counts there.
  private @Nullable RedisQuotas shared;

  /// What is behind them.
  private @Nullable Backing backing;

  /// Counters in memory, if this gateway counts there, and how they began.
  private @Nullable CompletableFuture<MemoryQuotas> memory;

  private volatile @Nullable MemoryStart start;

  /// What was used before this process, and who it is.
  ///
  /// @param toppedUp what was paid in for prepaid keys
  /// @param recovered events of requests that died with an earlier process
  /// @param instance this gateway's name
  record Past(
      JournaledLedger ledger,
      LedgerHistory history,
      LateCharges charges,
      ToppedUp toppedUp,
      Recovered recovered,
      String instance) {}

  /// Where is counted, and for whom.
  private record Where(String fleet, Optional<RedisEntry> redis) {
    static Where of(GatewayEntry gateway) {
      return new Where(gateway.namespace() + "/" + gateway.name(), gateway.redis());
    }
  }

  Limiting(GatewayMetrics metrics, Past past) {
    this.metrics = metrics;
    this.spending = new SpendWatch(quotas, reports, InstantSource.system());
    this.warnings =
        new Warnings(
            crossing -> {
              metrics.crossed(crossing);
              spending.crossed(crossing);
            });
    this.past = past;
    added = new AddedLimits(past.ledger(), past.history(), underWay);
  }

  /// What requests are admitted by.
  ExchangePipeline.Counting counting() {
    return new ExchangePipeline.Counting(
        quotas,
        past.toppedUp(),
        past.ledger()::isAccepting,
        uses::used,
        key -> spending.spent(key.id(), key.spend()),
        this::settled,
        underWay,
        tokens);
  }

  private void settled(Settled request) {
    MemoryStart begun = start;
    if (begun == null || !begun.settled(request)) {
      added.settled(request);
    }
    latecomers.settled(request);
  }

  /// What the operator is to be told.
  SpendReports reports() {
    return reports;
  }

  /// And of when keys were used.
  UseReports uses() {
    return uses;
  }

  /// A configuration is about to be in force. One thread at a time, never an event loop.
  void configure(CompiledConfiguration configuration) {
    CompiledConfiguration former = current;
    current = configuration;
    warnings.configure(configuration.gateway().webhook());
    if (configuration.limits().hasPrepaidKeys()) {
      past.toppedUp().begin();
    }
    Where wanted = Where.of(configuration.gateway());
    if (!wanted.equals(where)) {
      where = wanted;
      memory = null;
      shared = null;
      leave();
      leaveMemory();
      latecomers.close();
      added.close();
      await(
          wanted.redis().isPresent()
              ? countInRedis(wanted.fleet(), wanted.redis().get())
              : countInMemory());
    } else if (former != null) {
      await(countAdded(former.limits(), configuration.limits()));
    }
  }

  /// What was used before of budgets that were added in the middle of their period.
  private CompletableFuture<?> countAdded(LimitBook former, LimitBook next) {
    RedisQuotas redis = shared;
    if (redis != null) {
      latecomers.configured(next, redis::count);
      return redis.configured();
    }
    NewLimits more = next.newSince(former);
    CompletableFuture<MemoryQuotas> counters = memory;
    if (counters == null || more.isEmpty()) {
      added.keep(next);
      return CompletableFuture.completedFuture(null);
    }
    // By the one in force when the counters are there, which may be a later one.
    return counters.thenCompose(known -> added.add(known, current().limits(), more));
  }

  private CompletableFuture<?> countInMemory() {
    metrics.countedInMemory();
    past.recovered().tell(_ -> {}); // they are in the ledger, out of which is counted
    MemoryStart begun = new MemoryStart(past.ledger(), past.history(), underWay, this::current);
    start = begun;
    CompletableFuture<MemoryQuotas> counters = begun.count(warnings, this::replace);
    memory = counters;
    return counters;
  }

  private CompletableFuture<?> countInRedis(String fleet, RedisEntry entry) {
    RedisSettings settings =
        new RedisSettings(
            entry.url(),
            entry.password().map(Secret::reveal),
            entry.cluster(),
            entry.admission() == RedisEntry.Admission.SHARES,
            fleet,
            past.instance(),
            run);
    Backing behind =
        new Backing(
            new Backing.Parts(
                past.ledger(), past.history(), past.charges(), this::current, underWay));
    backing = behind;
    RedisQuotas redis = RedisQuotas.open(settings, behind.toRedisLedger(), warnings);
    latecomers.configured(current().limits(), redis::count);
    CompletableFuture<Void> known = redis.configured();
    past.recovered()
        .tell(
            event ->
                behind
                    .usedBy(event)
                    .forEach(used -> redis.count(used.limit(), used.atMillis(), used.amount())));
    metrics.countedInRedis(redis::statistics);
    shared = redis;
    replace(redis);
    return CompletableFuture.allOf(redis.ready(), known);
  }

  /// What these counters have paused goes on.
  private void leave() {
    Backing former = backing;
    backing = null;
    if (former != null) {
      former.close();
    }
  }

  private void leaveMemory() {
    MemoryStart former = start;
    start = null;
    if (former != null) {
      former.close();
    }
  }

  private CompiledConfiguration current() {
    return Objects.requireNonNull(current);
  }

  private void replace(Quotas next) {
    Quotas former = quotas.replace(next);
    if (former instanceof MemoryQuotas) {
      return; // nothing is open there, and what is held of it keeps it
    }
    Executor later =
        CompletableFuture.delayedExecutor(SETTLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    later.execute(former::close);
  }

  private static void await(CompletableFuture<?> counters) {
    try {
      counters.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("counters are not known yet: budgets refuse until they are");
    } catch (CancellationException e) {
      LOG.debug("counters are wanted no more", e);
    } catch (ExecutionException e) {
      LOG.error("counters cannot be had", e);
    }
  }

  @Override
  public void close() {
    leaveMemory();
    added.close();
    tokens.close();
    quotas.close();
    warnings.close();
    spending.close();
    past.toppedUp().close();
  }
}
