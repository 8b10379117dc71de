package ai.oneflow.operator.apply;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.operator.workload.Ground;
import ai.oneflow.operator.workload.Wanted;
import ai.oneflow.operator.workload.WorkloadStanding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sees to it that the cluster runs what LLMGateways ask for, and knows how far it is. Nothing here
/// makes a caller wait. Safe for use by several threads.
public final class Workloads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workloads.class);
  private static final int ROUNDS_AT_ONCE = 8;
  private static final Duration LOOK_FOR_KINDS_EVERY = Duration.ofSeconds(10);

  private final Applier.Cluster cluster;
  private final Runnable changed;
  private final Clock clock;
  private final Map<GatewayId, WorkloadRun> runs = new ConcurrentHashMap<>();
  private final Map<GatewayId, WorkloadStanding> standings = new ConcurrentHashMap<>();
  private final Semaphore slots = new Semaphore(ROUNDS_AT_ONCE);
  private final Thread kinds =
      Thread.ofVirtual().name("workload-kinds").unstarted(this::lookForKinds);

  /// When it returns it has seen all that there is, and has written nothing.
  ///
  /// @param changed hears when a standing has changed
  public Workloads(Sight sight, Ground ground, Runnable changed) {
    this.changed = changed;
    this.clock = Clock.systemUTC();
    this.cluster =
        new Applier.Cluster(
            sight.client,
            new Dependents(sight.client, sight.namespaces, this::wake),
            ground,
            sight.announcer);
    lookOnceForKinds();
    kinds.start();
  }

  /// Where to look and whom to tell.
  ///
  /// @param namespaces to watch; empty: all
  public record Sight(KubernetesClient client, Set<String> namespaces, Announcer announcer) {}

  /// All LLMGateways that there are.
  public void want(Collection<Wanted> all) {
    Set<GatewayId> ids = all.stream().map(Wanted::id).collect(Collectors.toSet());
    for (GatewayId gone : Set.copyOf(runs.keySet())) {
      if (!ids.contains(gone)) {
        Optional.ofNullable(runs.remove(gone)).ifPresent(WorkloadRun::close);
        standings.remove(gone);
      }
    }
    for (Wanted wanted : all) {
      WorkloadRun run = runs.get(wanted.id());
      if (run == null) {
        runs.put(wanted.id(), run(wanted));
      } else {
        run.want(wanted);
      }
    }
  }

  private WorkloadRun run(Wanted wanted) {
    Applier applier = new Applier(cluster, clock);
    return new WorkloadRun(wanted, now -> round(applier, now), clock).start();
  }

  private Outcome round(Applier applier, Wanted wanted) {
    slots.acquireUninterruptibly();
    Outcome outcome;
    try {
      outcome = applier.bring(wanted);
    } finally {
      slots.release();
    }
    outcome
        .failure()
        .ifPresent(
            words -> LOG.warn("the workload of {} is not as wanted: {}", wanted.id(), words));
    WorkloadStanding before = standings.put(wanted.id(), outcome.standing());
    if (!outcome.standing().equals(before)) {
      changed.run();
    }
    return outcome;
  }

  private void wake(GatewayId gateway) {
    WorkloadRun run = runs.get(gateway);
    if (run != null) {
      run.wake();
    }
  }

  /// How far a gateway's pods are.
  public WorkloadStanding standing(GatewayId gateway) {
    return standings.getOrDefault(gateway, WorkloadStanding.UNKNOWN);
  }

  private void lookForKinds() {
    try {
      while (true) {
        Thread.sleep(LOOK_FOR_KINDS_EVERY);
        if (lookOnceForKinds()) {
          runs.values().forEach(WorkloadRun::wake);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean lookOnceForKinds() {
    try {
      return cluster.dependents().lookForKinds();
    } catch (KubernetesClientException e) {
      LOG.warn("cannot see which kinds the API server has: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    kinds.interrupt();
    runs.values().forEach(WorkloadRun::close);
    cluster.dependents().close();
  }
}
