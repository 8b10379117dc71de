package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/// A ledger in memory that all gateways of a test write to at once.
final class FakeLedger {
  private record Used(Limit limit, long atMillis, long amount) {}

  private final List<Used> all = new CopyOnWriteArrayList<>();
  final List<Checkpoint> underWay = new CopyOnWriteArrayList<>();
  final List<Orphans.Death> deaths = new CopyOnWriteArrayList<>();
  final List<Orphans.Used> orphans = new CopyOnWriteArrayList<>();

  void add(Limit limit, long atMillis, long amount) {
    all.add(new Used(limit, atMillis, amount));
  }

  long sum() {
    return all.stream().mapToLong(Used::amount).sum();
  }

  RedisLedger asRedisLedger() {
    LedgerGate gate =
        new LedgerGate() {
          @Override
          public CompletableFuture<Void> drainAndPause() {
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public void resume() {}
        };
    return new RedisLedger(
        gate,
        visitor -> all.forEach(used -> visitor.used(used.limit(), used.atMillis(), used.amount())),
        () -> List.copyOf(underWay),
        death -> {
          deaths.add(death);
          return CompletableFuture.completedFuture(List.copyOf(orphans));
        });
  }
}
