package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.redis.RedisLink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Counters that all gateways of a fleet share, in Redis 6.2 or later, or a Valkey.
///
/// Redis must not evict keys (`maxmemory-policy noeviction`): a counter that is gone without the
/// others counts from nothing.
public final class RedisQuotas implements Quotas {
  private static final long CHECKPOINT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final RedisLedger ledger;
  private final RedisLink link;
  private final Caretaker caretaker;
  private final Desk desk;
  private final Thread caring;
  private final Clockwork clockwork = new Clockwork(this::tick);
  private long noted = System.nanoTime();

  private RedisQuotas(RedisSettings settings, Terms terms, RedisLedger ledger) {
    this.ledger = ledger;
    link = new RedisLink(settings.address(), this::disconnected);
    caretaker = new Caretaker(settings, terms, ledger, link);
    desk = caretaker.desk();
    caring = Thread.ofVirtual().name("quotas-caretaker").unstarted(caretaker);
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
    quotas.clockwork.start();
    return quotas;
  }

  private boolean tick() {
    long now = System.nanoTime();
    if (now - noted >= CHECKPOINT_NANOS) {
      noted = now;
      desk.note(ledger.checkpoints().get());
    }
    return desk.tick();
  }

  private void disconnected() {
    desk.disconnected();
  }

  /// Done when this gateway counts in Redis, and what it held before a restart is given back.
  public CompletableFuture<Void> ready() {
    return caretaker.ready();
  }

  /// Another configuration is in force: limits that it has and the fleet did not count yet get what
  /// the ledger has of them, and refuse until then.
  ///
  /// @return done when all of its limits can be used
  public CompletableFuture<Void> configured() {
    return caretaker.configured();
  }

  public QuotaStatistics statistics() {
    return caretaker.statistics();
  }

  /// Counts what was used at an earlier time and has no hold.
  public void count(Limit limit, long atMillis, long used) {
    desk.count(limit, atMillis, used);
    clockwork.wake();
  }

  @Override
  public void take(Ask ask, Executor loop, Consumer<Taking> then) {
    desk.take(ask, loop, then);
    clockwork.wake();
  }

  @Override
  public void settle(Hold hold, Spent spent) {
    if (hold.end()) {
      desk.settle(hold, spent);
      clockwork.wake();
    }
  }

  @Override
  public void look(List<Limit> limits, Executor loop, Consumer<List<Standing>> then) {
    desk.look(limits, loop, then);
    clockwork.wake();
  }

  /// Tells Redis what it does not know yet, for which it may take a second.
  @Override
  public void close() {
    caretaker.close();
    abandon();
  }

  /// Ends without a word, as a killed process does.
  void abandon() {
    clockwork.close();
    caring.interrupt();
    link.close();
  }
}
