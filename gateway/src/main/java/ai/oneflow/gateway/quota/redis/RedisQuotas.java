package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counters that all gateways of a fleet share, in Redis 6.2 or later, or a Valkey.
///
/// Redis must not evict keys (`maxmemory-policy noeviction`): a counter that is gone without the
/// others counts from nothing.
public final class RedisQuotas implements Quotas {
  private static final Logger LOG = LoggerFactory.getLogger(RedisQuotas.class);
  private static final long TICK_MILLIS = 5;
  private static final long CHECKPOINT_MILLIS = 1_000;

  private final RedisLink link;
  private final Caretaker caretaker;
  private final Desk desk;
  private final Thread caring;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("quotas").factory());

  private RedisQuotas(RedisSettings settings, Terms terms, RedisLedger ledger) {
    link = new RedisLink(settings, this::disconnected);
    caretaker = new Caretaker(settings, terms, ledger, link);
    desk = caretaker.desk();
    caring = Thread.ofVirtual().name("quotas-caretaker").unstarted(caretaker);
    every(TICK_MILLIS, desk::tick);
    every(CHECKPOINT_MILLIS, () -> desk.note(ledger.checkpoints().get()));
  }

  /// Begins to connect, and goes on trying. Until it is [#ready], limits are decided as they are
  /// while Redis is away.
  public static RedisQuotas open(
      RedisSettings settings, RedisLedger ledger, Crossing.Listener listener) {
    Terms terms =
        new Terms(
            new Keys(settings.fleet()),
            new RedisTime(),
            settings.shares(),
            Terms.Waits.USUAL,
            listener);
    return open(settings, terms, ledger);
  }

  static RedisQuotas open(RedisSettings settings, Terms terms, RedisLedger ledger) {
    RedisQuotas quotas = new RedisQuotas(settings, terms, ledger);
    quotas.caring.start();
    return quotas;
  }

  private void every(long millis, Runnable task) {
    clockwork.scheduleWithFixedDelay(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("counters in redis have a fault", e);
          }
        },
        millis,
        millis,
        TimeUnit.MILLISECONDS);
  }

  private void disconnected() {
    desk.disconnected();
  }

  /// Done when this gateway counts in Redis, and what it held before a restart is given back.
  public CompletableFuture<Void> ready() {
    return caretaker.ready();
  }

  public QuotaStatistics statistics() {
    return caretaker.statistics();
  }

  /// Counts what was used at an earlier time and has no hold.
  public void count(Limit limit, long atMillis, long used) {
    desk.count(limit, atMillis, used);
  }

  @Override
  public void take(Ask ask, Executor loop, Consumer<Taking> then) {
    desk.take(ask, loop, then);
  }

  @Override
  public void settle(Hold hold, Spent spent) {
    if (hold.end()) {
      desk.settle(hold, spent);
    }
  }

  @Override
  public void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then) {
    desk.look(limits, loop, then);
  }

  /// Tells Redis what it does not know yet, for which it may take a second.
  @Override
  public void close() {
    caretaker.close();
    abandon();
  }

  /// Ends without a word, as a killed process does.
  void abandon() {
    clockwork.shutdownNow();
    caring.interrupt();
    link.close();
  }
}
