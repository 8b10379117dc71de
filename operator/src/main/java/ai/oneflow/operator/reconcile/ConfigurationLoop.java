package ai.oneflow.operator.reconcile;

import static java.util.Comparator.naturalOrder;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.apply.Workloads;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.keep.SnapshotKeeper;
import ai.oneflow.operator.push.Fleet;
import ai.oneflow.operator.reconcile.Trigger.Reasons;
import ai.oneflow.operator.resolve.Resolution;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.operator.workload.EgressPorts;
import ai.oneflow.operator.workload.Wanted;
import ai.oneflow.snapshot.GatewaySnapshot;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one place where configuration is made: whatever changed, it looks at everything, resolves,
/// builds, pushes and reports. Changes that come meanwhile are one reason for the next turn.
final class ConfigurationLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationLoop.class);

  private final World world;
  private final Trigger trigger;
  private final Fleet fleet;
  private final Workloads workloads;
  private final SnapshotKeeper keeper;
  private final StatusRound statuses;
  private final Clock clock;
  private final Map<GatewayId, GatewayRun> runs = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("configuration").unstarted(this::run);
  private final Thread returned =
      Thread.ofVirtual().name("gateways-returned").unstarted(this::reportAfterReturn);
  private Optional<State> state = Optional.empty();

  /// Does nothing before [#start].
  ConfigurationLoop(World world, Trigger trigger, Sources sources, StatusRound statuses) {
    this.world = world;
    this.trigger = trigger;
    this.fleet = sources.fleet();
    this.workloads = sources.workloads();
    this.keeper = sources.keeper();
    this.statuses = statuses;
    this.clock = Clock.systemUTC();
  }

  /// To be called when all caches are complete: what is built from half of the cluster would take
  /// the other half from the gateways.
  void start() {
    statuses.beginReturning();
    thread.start();
    trigger.resourcesChanged();
    returned.start();
  }

  /// What was not reported while gateways were coming back is due when they have had their time.
  private void reportAfterReturn() {
    try {
      Thread.sleep(StatusRound.RETURN_WITHIN);
      trigger.resourcesChanged();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        turn(trigger.await(nextLift()));
      }
    } catch (InterruptedException _) {
      LOG.debug("the configuration loop was closed");
    }
  }

  private Optional<Instant> nextLift() {
    return runs.values().stream().flatMap(run -> run.nextLift().stream()).min(naturalOrder());
  }

  private boolean lift() {
    Instant now = clock.instant();
    boolean lifted = false;
    for (Map.Entry<GatewayId, GatewayRun> run : runs.entrySet()) {
      lifted |= run.getValue().lift(fleet.instances(run.getKey()), now);
    }
    return lifted;
  }

  /// A bug that one resource brings out must not stop the loop for all others for ever.
  private void turn(Reasons reasons) {
    try {
      for (Trigger.Refusing refusing : reasons.refusals()) {
        run(refusing.gateway()).refuse(refusing);
      }
      boolean lifted = lift();
      if (reasons.needBuild() || lifted || state.isEmpty()) {
        state = Optional.of(build(reasons.resourcesSince().orElseGet(clock::instant)));
      }
      state.ifPresent(
          s -> {
            keep(s.resources().gateways());
            statuses.report(s.resources(), s.resolution(), runs);
            statuses.warn(s.resources(), s.resolution(), reasons.warnings());
          });
    } catch (RuntimeException e) {
      LOG.error("a turn of the configuration loop failed; the next change starts another", e);
    }
  }

  private State build(Instant since) {
    Resources resources = world.read();
    if (state.isEmpty()) {
      keeper.recall(resources.gateways(), (gateway, kept) -> fleet.inherit(idOf(gateway), kept));
    }
    Resolution resolution = Resolution.of(resources);
    world.refer(resolution.secrets());
    Map<GatewayId, Wanted> gateways = new HashMap<>();
    for (LLMGateway gateway : resources.gateways()) {
      GatewayId id = idOf(gateway);
      GatewaySnapshot snapshot = run(id).build(resolution, since).snapshot();
      fleet.publish(id, snapshot);
      gateways.put(id, new Wanted(gateway, EgressPorts.of(snapshot)));
    }
    workloads.want(gateways.values());
    for (GatewayId gone : Set.copyOf(runs.keySet())) {
      if (!gateways.containsKey(gone)) {
        runs.remove(gone);
        fleet.withdraw(gone);
      }
    }
    return new State(resources, resolution);
  }

  private void keep(List<LLMGateway> gateways) {
    for (LLMGateway gateway : gateways) {
      fleet.accepted(idOf(gateway)).ifPresent(snapshot -> keeper.keep(gateway, snapshot));
    }
    keeper.retain(gateways.stream().map(gateway -> gateway.getMetadata().getUid()).toList());
  }

  private GatewayRun run(GatewayId gateway) {
    return runs.computeIfAbsent(gateway, GatewayRun::new);
  }

  static GatewayId idOf(LLMGateway gateway) {
    return new GatewayId(gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
  }

  @Override
  public void close() {
    thread.interrupt();
    returned.interrupt();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private record State(Resources resources, Resolution resolution) {}
}
