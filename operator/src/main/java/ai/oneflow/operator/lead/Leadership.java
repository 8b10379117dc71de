package ai.oneflow.operator.lead;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One candidate's way to the lead and in it. The leader holds a
/// [Lease](https://kubernetes.io/docs/concepts/architecture/leases/) that it renews every two
/// seconds; one that cannot for ten seconds has lost it, and another takes it fifteen seconds after
/// it has seen the last renewal, or within two where it was given back. Clocks of the machines may
/// be wrong, as long as they run.
///
/// The leader's pod carries the label [#LABEL], by which a Service finds it alone while both are
/// ready.
public final class Leadership implements AutoCloseable {
  public static final String LEASE = "oneflow-operator";
  public static final String LABEL = "oneflow.ai/leader";

  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final Duration LEASE_FOR = Duration.ofSeconds(15);
  private static final Duration RENEWED_WITHIN = Duration.ofSeconds(10);
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final Candidate candidate;
  private final Runnable lost;
  private final CompletableFuture<Void> won = new CompletableFuture<>();
  private final CompletableFuture<?> election;
  private volatile boolean closing;

  private Leadership(KubernetesClient client, Candidate candidate, Runnable lost) {
    this.client = client;
    this.candidate = candidate;
    this.lost = lost;
    election = client.leaderElector().withConfig(configuration()).build().start();
  }

  /// Begins to want the lead, and goes on until it is closed.
  ///
  /// @param lost told when the lead was lost, on a thread of the election's: whoever led must stop
  /// @throws KubernetesClientException where the API server cannot be asked
  public static Leadership seek(KubernetesClient client, Candidate candidate, Runnable lost) {
    // Of a process before this one in the same pod.
    label(client, candidate, null);
    return new Leadership(client, candidate, lost);
  }

  private LeaderElectionConfig configuration() {
    LeaseLock lease = new LeaseLock(candidate.namespace(), LEASE, candidate.identity());
    return new LeaderElectionConfigBuilder()
        .withName(LEASE)
        .withLock(new ObservedLease(lease, System::nanoTime))
        .withLeaseDuration(LEASE_FOR)
        .withRenewDeadline(RENEWED_WITHIN)
        .withRetryPeriod(EVERY)
        .withReleaseOnCancel(true)
        .withLeaderCallbacks(new LeaderCallbacks(this::begin, this::end, this::hear))
        .build();
  }

  private void begin() {
    won.complete(null);
  }

  private void end() {
    if (won.isDone() && !closing) {
      lost.run();
    }
  }

  private void hear(@Nullable String leader) {
    LOG.info("{} leads", leader == null || leader.isEmpty() ? "nobody" : leader);
  }

  /// Completes when this candidate leads.
  public CompletableFuture<Void> won() {
    return won;
  }

  /// Lets callers find this pod, once it serves.
  ///
  /// @throws KubernetesClientException where the API server does not take it
  public void show() {
    label(client, candidate, "true");
  }

  private static void label(KubernetesClient client, Candidate candidate, @Nullable String value) {
    String text = value == null ? "null" : "\"" + value + "\"";
    candidate
        .pod()
        .ifPresent(
            pod ->
                client
                    .pods()
                    .inNamespace(candidate.namespace())
                    .withName(pod)
                    .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"labels\":{\"" + LABEL + "\":" + text + "}}}"));
  }

  /// Gives the lead back, where it was had.
  @Override
  public void close() {
    closing = true;
    election.cancel(true);
  }
}
