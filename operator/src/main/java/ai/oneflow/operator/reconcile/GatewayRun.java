package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.LLMGatewayStatus.Gateways;
import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.build.Quarantine;
import ai.oneflow.operator.build.SnapshotBuilder;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.status.Convergence;
import ai.oneflow.operator.status.Serving;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.SnapshotVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the loop remembers of one gateway from turn to turn. Confined to the loop's thread.
final class GatewayRun {
  /// Longer than a pod takes that lost its connection and comes back.
  static final Duration GONE_AFTER = Duration.ofSeconds(10);

  private final GatewayId id;
  private final Map<String, Instant> goneSince = new HashMap<>();
  private Quarantine quarantine = Quarantine.EMPTY;
  private Optional<Built> built = Optional.empty();
  private Map<EntryKey, SnapshotVersion> introduced = Map.of();
  private Optional<Instant> changeArrived = Optional.empty();
  private Optional<Duration> lasted = Optional.empty();

  GatewayRun(GatewayId id) {
    this.id = id;
  }

  void refuse(Trigger.Refusing refusing) {
    quarantine =
        quarantine.with(
            refusing.instance(),
            refusing.rejection().refusals(),
            refusing.rejection().sent(),
            refusing.rejection().kept());
  }

  /// Lifts the quarantine of what pods refused that have been gone for [#GONE_AFTER]: those in
  /// their place may take it. One of them tries, and what it refuses is in quarantine again.
  ///
  /// @return whether there is reason to build
  boolean lift(List<Instance> connected, Instant now) {
    Set<String> gone = new HashSet<>(quarantine.instances());
    connected.forEach(instance -> gone.remove(instance.name()));
    goneSince.keySet().retainAll(gone);
    gone.forEach(name -> goneSince.putIfAbsent(name, now));
    Quarantine before = quarantine;
    goneSince.forEach(
        (name, since) -> {
          if (!now.isBefore(since.plus(GONE_AFTER))) {
            quarantine = quarantine.without(name);
          }
        });
    goneSince.keySet().retainAll(quarantine.instances());
    return !quarantine.equals(before);
  }

  /// When there may be something to lift; empty where nothing is under way to that.
  Optional<Instant> nextLift() {
    return goneSince.values().stream().min(Comparator.naturalOrder()).map(s -> s.plus(GONE_AFTER));
  }

  /// Builds anew; the time is that of the change that gave reason to.
  Built build(Resolution resolution, Instant since) {
    Built now = SnapshotBuilder.build(id, resolution, quarantine);
    quarantine = quarantine.retaining(now.held().keySet());
    Optional<SnapshotVersion> former = built.map(b -> b.snapshot().version());
    if (!former.equals(Optional.of(now.snapshot().version()))) {
      introduced = introducedBy(now);
      // The first is no change: an operator that came back finds its gateways at work.
      changeArrived = former.map(_ -> changeArrived.orElse(since));
    }
    built = Optional.of(now);
    return now;
  }

  private Map<EntryKey, SnapshotVersion> introducedBy(Built now) {
    Map<EntryKey, SnapshotVersion> next = new TreeMap<>();
    for (Map.Entry<EntryKey, Entry> entry : now.snapshot().entries().entrySet()) {
      EntryKey key = entry.getKey();
      boolean same =
          built.map(b -> entry.getValue().equals(b.snapshot().entries().get(key))).orElse(false);
      SnapshotVersion version = now.snapshot().version();
      next.put(key, same ? introduced.getOrDefault(key, version) : version);
    }
    return next;
  }

  Optional<Serving> serving(List<Instance> instances) {
    return built.map(b -> new Serving(b, instances, introduced));
  }

  /// How far the pods are; the change is over when all of them run what was built.
  Convergence converge(List<Instance> instances, int desired, Instant now) {
    Optional<SnapshotVersion> wanted = built.map(b -> b.snapshot().version());
    long running =
        instances.stream()
            .filter(i -> i.runs().isPresent() && i.runs().map(r -> r.version()).equals(wanted))
            .count();
    boolean all = running == instances.size() && !instances.isEmpty();
    if (instances.isEmpty()) {
      // Whoever comes later was not waited for.
      changeArrived = Optional.empty();
    }
    if (all && changeArrived.isPresent()) {
      lasted = changeArrived.map(since -> Duration.between(since, now));
      changeArrived = Optional.empty();
    }
    return new Convergence(
        all ? wanted.map(SnapshotVersion::abbreviated) : Optional.empty(),
        new Gateways(desired, instances.size(), (int) running),
        changeArrived.isPresent() ? Optional.empty() : lasted.map(GatewayRun::wholeMillis));
  }

  /// A clock that was put back in between would make it less than nothing, which no status takes.
  private static Duration wholeMillis(Duration duration) {
    return Duration.ofMillis(Math.max(0, duration.toMillis()));
  }
}
