package ai.oneflow.standalone.serve;

import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.config.SnapshotSink.Outcome;
import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.build.Quarantine;
import ai.oneflow.operator.build.SnapshotBuilder;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.push.Rejection;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.status.Serving;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stands for the push stream: hands snapshots to the one gateway of this process and remembers
/// what it runs. Confined to one thread.
final class Runner {
  private final SnapshotSink sink;
  private final String instance;
  private Quarantine quarantine = Quarantine.EMPTY;
  private Optional<GatewaySnapshot> runs = Optional.empty();
  private Optional<Rejection> rejection = Optional.empty();
  private Map<EntryKey, SnapshotVersion> introduced = Map.of();

  Runner(SnapshotSink sink, String instance) {
    this.sink = sink;
    this.instance = instance;
  }

  Optional<GatewaySnapshot> runs() {
    return runs;
  }

  /// Builds for this gateway and puts it in force; what the gateway refuses is left out, entry by
  /// entry, so that all other changes go on.
  Serving run(GatewayId gateway, Resolution resolution) {
    Built built = build(gateway, resolution);
    // A turn takes at least one entry out, so this ends.
    while (!offer(built.snapshot())) {
      Built next = build(gateway, resolution);
      if (next.snapshot().version().equals(built.snapshot().version())) {
        break;
      }
      built = next;
    }
    return new Serving(built, List.of(new Instance(instance, runs, rejection)), introduced);
  }

  /// Without an LLMGateway nothing is to be served: the last one's settings stay, all else goes.
  void stop() {
    runs.ifPresent(
        last ->
            offer(
                GatewaySnapshot.of(
                    last.entries().values().stream()
                        .filter(entry -> entry.key().kind() == Kind.LLM_GATEWAY)
                        .toList())));
  }

  private Built build(GatewayId gateway, Resolution resolution) {
    Built built = SnapshotBuilder.build(gateway, resolution, quarantine);
    quarantine = quarantine.retaining(built.held().keySet());
    return built;
  }

  private boolean offer(GatewaySnapshot snapshot) {
    if (runs.filter(now -> now.version().equals(snapshot.version())).isPresent()) {
      rejection = Optional.empty();
      return true;
    }
    return switch (sink.offer(snapshot)) {
      case Outcome.Accepted _ -> {
        introduced = introducedBy(snapshot);
        runs = Optional.of(snapshot);
        rejection = Optional.empty();
        yield true;
      }
      case Outcome.Refused(var refusals) -> {
        rejection = Optional.of(new Rejection(snapshot.version(), refusals, snapshot, runs));
        quarantine = quarantine.with(instance, refusals, snapshot, runs);
        yield false;
      }
    };
  }

  private Map<EntryKey, SnapshotVersion> introducedBy(GatewaySnapshot snapshot) {
    Map<EntryKey, SnapshotVersion> next = new HashMap<>();
    for (Map.Entry<EntryKey, Entry> entry : snapshot.entries().entrySet()) {
      boolean same =
          runs.map(r -> entry.getValue().equals(r.entries().get(entry.getKey()))).orElse(false);
      next.put(
          entry.getKey(),
          same ? introduced.getOrDefault(entry.getKey(), snapshot.version()) : snapshot.version());
    }
    return Map.copyOf(next);
  }
}
