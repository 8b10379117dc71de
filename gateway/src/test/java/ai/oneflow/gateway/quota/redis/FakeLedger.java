package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The ledger of one gateway: a journal, and SQL that it shares with others.
final class FakeLedger {
  private final Sql sql;
  private final String instance;
  private final List<Used> journal = new ArrayList<>();
  private boolean paused;
  private volatile List<Limit> limits = List.of();
  private volatile Runnable whenRead = () -> {};
  private volatile CompletableFuture<Void> stored = CompletableFuture.completedFuture(null);
  private volatile CompletableFuture<Void> recorded = CompletableFuture.completedFuture(null);
  final List<Checkpoint> underWay = new CopyOnWriteArrayList<>();
  final List<Orphans.Death> deaths = new CopyOnWriteArrayList<>();
  final List<Orphans.Used> orphans = new CopyOnWriteArrayList<>();

  record Used(String gateway, Limit limit, long atMillis, long amount) {}

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
    this(sql, "gateway");
  }

  FakeLedger(Sql sql, String instance) {
    this.sql = sql;
    this.instance = instance;
  }

  /// These are in force.
  void configure(List<Limit> inForce) {
    limits = inForce;
  }

  /// To be done before it is read for limits that were added.
  void whenRead(Runnable task) {
    whenRead = task;
  }

  /// From here on it takes until then to bring into SQL what is in the journal.
  void storeWhen(CompletableFuture<Void> then) {
    stored = then;
  }

  /// From here on it takes until then to record what a dead gateway left.
  void recordWhen(CompletableFuture<Void> then) {
    recorded = then;
  }

  synchronized void add(Limit limit, long amount) {
    Used used = new Used(instance, limit, System.currentTimeMillis(), amount);
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
    return stored.copy();
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
            synchronized (FakeLedger.this) {
              return task.get();
            }
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
    return new RedisLedger(
        gate, this::visit, new Before(), () -> List.copyOf(underWay), this::record);
  }

  private final class Before implements Past {
    @Override
    public Map<String, String> limits() {
      return limits.stream().collect(Collectors.toMap(Limit::mark, Limit::subject, (a, _) -> a));
    }

    @Override
    public void visit(Set<String> marks, Past.Visitor visitor) {
      whenRead.run();
      for (Used used : sql.all) {
        if (marks.contains(used.limit().mark())) {
          visitor.used(used.gateway(), used.limit(), used.atMillis(), used.amount());
        }
      }
    }
  }

  private void visit(History.Visitor visitor) {
    sql.all.forEach(used -> visitor.used(used.limit(), used.atMillis(), used.amount()));
  }

  private CompletableFuture<List<Orphans.Used>> record(Orphans.Death death) {
    deaths.add(death);
    return sql.away
        ? CompletableFuture.failedFuture(new IllegalStateException("no SQL"))
        : recorded.thenApply(_ -> List.copyOf(orphans));
  }
}
