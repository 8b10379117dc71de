package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// The ledger of one gateway: a journal, and SQL that it shares with others.
final class FakeLedger {
  private final Sql sql;
  private final List<Used> journal = new ArrayList<>();
  private boolean paused;
  final List<Checkpoint> underWay = new CopyOnWriteArrayList<>();
  final List<Orphans.Death> deaths = new CopyOnWriteArrayList<>();
  final List<Orphans.Used> orphans = new CopyOnWriteArrayList<>();

  record Used(Limit limit, long atMillis, long amount) {}

  /// What all gateways write to.
  static final class Sql {
    private final List<Used> all = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    void goAway() {
      away = true;
    }

    void comeBack() {
      away = false;
    }
  }

  FakeLedger(Sql sql) {
    this.sql = sql;
  }

  synchronized void add(Limit limit, long amount) {
    Used used = new Used(limit, System.currentTimeMillis(), amount);
    if (paused || sql.away) {
      journal.add(used);
    } else {
      sql.all.add(used);
    }
  }

  private synchronized CompletableFuture<Void> drainAndPause() {
    if (sql.away) {
      return CompletableFuture.failedFuture(new IllegalStateException("no SQL"));
    }
    paused = true;
    drain();
    return CompletableFuture.completedFuture(null);
  }

  private synchronized void resume() {
    paused = false;
    drain();
  }

  private void drain() {
    sql.all.addAll(journal);
    journal.clear();
  }

  synchronized long journaled() {
    return journal.stream().mapToLong(Used::amount).sum();
  }

  static long sum(Sql sql) {
    return sql.all.stream().mapToLong(Used::amount).sum();
  }

  RedisLedger asRedisLedger() {
    LedgerGate gate =
        new LedgerGate() {
          @Override
          public <T> T between(Supplier<T> task) {
            return task.get();
          }

          @Override
          public CompletableFuture<Void> drainAndPause() {
            return FakeLedger.this.drainAndPause();
          }

          @Override
          public void resume() {
            FakeLedger.this.resume();
          }
        };
    return new RedisLedger(gate, this::visit, () -> List.copyOf(underWay), this::record);
  }

  private void visit(History.Visitor visitor) {
    sql.all.forEach(used -> visitor.used(used.limit(), used.atMillis(), used.amount()));
  }

  private CompletableFuture<List<Orphans.Used>> record(Orphans.Death death) {
    deaths.add(death);
    return CompletableFuture.completedFuture(List.copyOf(orphans));
  }
}
