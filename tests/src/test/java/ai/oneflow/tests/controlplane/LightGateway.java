package ai.oneflow.tests.controlplane;

import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.config.push.KeptSnapshots;
import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.PushClient;
import ai.oneflow.gateway.config.push.Reports;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.gateway.config.push.SpendReports;
import ai.oneflow.gateway.config.push.UseReports;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A gateway's push client with nothing behind it: it remembers what it was offered, and refuses
/// what a test tells it to.
final class LightGateway implements SnapshotSink, AutoCloseable {
  private final SpendReports reports = new SpendReports();
  private final HealthBook health = new HealthBook();
  private final HealthBook.Draft draft = health.draft();
  private final PushClient client;
  private final List<GatewaySnapshot> accepted = new CopyOnWriteArrayList<>();
  private final List<GatewaySnapshot> refused = new CopyOnWriteArrayList<>();
  private final Map<String, Predicate<Entry>> refusals = new ConcurrentHashMap<>();
  private volatile boolean held;

  LightGateway(OperatorAddress operator, Self self) {
    this.client =
        new PushClient(operator, self, this, Reports.of(reports, new UseReports(), health));
  }

  LightGateway start() {
    client.start();
    return this;
  }

  /// Starts by what was kept unless the operator is quick.
  LightGateway start(KeptSnapshots kept) {
    client.start(kept);
    return this;
  }

  /// From now on it refuses entries like this, in these words.
  void refuse(String reason, Predicate<Entry> what) {
    refusals.put(reason, what);
  }

  /// Where it says what was spent.
  SpendReports reports() {
    return reports;
  }

  /// What it has seen of its targets.
  /// A target that it serves from now on, beside those before.
  TargetHealth target(HealthBook.Target target, TargetHealth.Settings settings) {
    TargetHealth known = draft.of(target, settings);
    draft.keep(Set.of());
    return known;
  }

  HealthBook health() {
    return health;
  }

  /// Keeps whatever it is offered unanswered until [#release()].
  void hold() {
    held = true;
  }

  void release() {
    held = false;
  }

  @Override
  public Outcome offer(GatewaySnapshot snapshot) {
    while (held && !Thread.interrupted()) {
      LockSupport.parkNanos(1_000_000);
    }
    List<Refusal> reasons =
        refusals.entrySet().stream()
            .flatMap(
                refusal ->
                    snapshot.entries().values().stream()
                        .filter(refusal.getValue())
                        .map(e -> new Refusal(Optional.of(e.key()), refusal.getKey())))
            .toList();
    if (!reasons.isEmpty()) {
      refused.add(snapshot);
      return new Outcome.Refused(reasons);
    }
    accepted.add(snapshot);
    return new Outcome.Accepted();
  }

  /// What it serves by; empty until the first snapshot.
  Optional<GatewaySnapshot> runs() {
    return accepted.isEmpty() ? Optional.empty() : Optional.of(accepted.getLast());
  }

  Optional<Entry> runs(EntryKey key) {
    return runs().map(r -> r.entries().get(key));
  }

  List<GatewaySnapshot> accepted() {
    return List.copyOf(accepted);
  }

  List<GatewaySnapshot> refused() {
    return List.copyOf(refused);
  }

  @Override
  public void close() {
    held = false;
    client.close();
  }
}
