package ai.oneflow.operator.apply;

import ai.oneflow.operator.pace.Pace;
import ai.oneflow.operator.status.Announcer;
import ai.oneflow.operator.workload.GatewayLabels;
import ai.oneflow.operator.workload.Ground;
import ai.oneflow.operator.workload.Owned;
import ai.oneflow.operator.workload.Wanted;
import ai.oneflow.operator.workload.Workload;
import ai.oneflow.operator.workload.WorkloadStanding;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Brings the dependents of one LLMGateway to what they are to be, by server-side apply under one
/// name. It writes where a field of the operator's own differs, and nothing else: applying what is
/// there already would change nothing either, but cost the API server a write. Confined to one
/// thread.
final class Applier {
  /// Enough to make everything anew a few times over, and then a write in two seconds.
  private static final int WRITES_AT_ONCE = 40;

  private static final Duration WRITE_EVERY = Duration.ofSeconds(2);

  private final Cluster cluster;
  private final Clock clock;
  private final Pace pace = new Pace(WRITES_AT_ONCE, WRITE_EVERY);
  private final Map<DependentKind, Written> written = new EnumMap<>(DependentKind.class);

  Applier(Cluster cluster, Clock clock) {
    this.cluster = cluster;
    this.clock = clock;
  }

  /// What an applier works with, the same for all.
  record Cluster(
      KubernetesClient client, Dependents dependents, Ground ground, Announcer announcer) {
    <T> T as(HasMetadata object, Class<T> type) {
      return client.getKubernetesSerialization().convertValue(object, type);
    }
  }

  /// Everything that can be done now, also where some of it fails.
  Outcome bring(Wanted wanted) {
    Round round = new Round(wanted);
    for (HasMetadata manifest : round.manifests()) {
      round.tryTo(() -> round.bring(manifest), manifest.getKind());
    }
    return round.outcome();
  }

  private static OwnObjects.Owner owner(Wanted wanted) {
    return new OwnObjects.Owner(wanted.id(), wanted.gateway().getMetadata().getUid());
  }

  /// One way through the dependents, with what came of it so far.
  private final class Round {
    private final Wanted wanted;
    private final OwnObjects objects;
    private final List<String> failures = new ArrayList<>();
    private boolean wrote;
    private boolean paused;

    Round(Wanted wanted) {
      this.wanted = wanted;
      this.objects = new OwnObjects(cluster, owner(wanted), written, clock);
    }

    /// What is wanted, when what is not has gone: an autoscaler that is there still would fight
    /// with whoever says the number of pods instead.
    List<HasMetadata> manifests() {
      List<HasMetadata> manifests =
          Workload.of(
              wanted,
              cluster.ground(),
              new Workload.Around(replicasHeld(), cluster.dependents().kinds()));
      for (DependentKind kind : DependentKind.values()) {
        boolean unwanted =
            kind.isOptional() && manifests.stream().noneMatch(m -> m.getKind().equals(kind.kind()));
        if (unwanted) {
          tryTo(() -> remove(kind), kind.kind());
        }
      }
      return manifests;
    }

    private OptionalInt replicasHeld() {
      return objects
          .find(DependentKind.DEPLOYMENT)
          .flatMap(live -> Owned.by(GatewayLabels.OPERATOR, live))
          .map(owned -> owned.path("spec").path("replicas"))
          .filter(JsonNode::isInt)
          .map(replicas -> OptionalInt.of(replicas.asInt()))
          .orElse(OptionalInt.empty());
    }

    void tryTo(Runnable step, String kind) {
      try {
        step.run();
      } catch (KubernetesClientException e) {
        failures.add(
            kind + " " + GatewayLabels.nameOf(wanted.id()) + " cannot be written: " + words(e));
      }
    }

    private static String words(KubernetesClientException e) {
      String said = e.getStatus() == null ? null : e.getStatus().getMessage();
      return said == null ? String.valueOf(e.getMessage()) : said;
    }

    void bring(HasMetadata manifest) {
      DependentKind kind = DependentKind.of(manifest.getKind());
      Optional<GenericKubernetesResource> live = objects.find(kind);
      Optional<String> others = live.flatMap(objects::whyNotOurs);
      if (others.isPresent()) {
        failures.add(others.get());
        return;
      }
      if (live.map(HasMetadata::isMarkedForDeletion).orElse(false)) {
        // It comes back when it is gone; its going wakes us.
        return;
      }
      JsonNode fields = Owned.in(manifest);
      boolean differs =
          live.map(l -> differs(kind, fields, Owned.by(GatewayLabels.OPERATOR, l))).orElse(true);
      if (differs && (live.isPresent() || isFree(kind)) && mayWrite()) {
        boolean wantedBefore = lastOf(kind, fields).isPresent();
        objects.apply(kind, manifest, fields);
        if (wantedBefore) {
          announce(kind, "Restored", "was changed or deleted by somebody and is put back");
        }
      }
    }

    /// Compared with what came back when the same was applied last: an API server that stores `0.5`
    /// as `500m`, or a webhook that rewrites an image, is no drift.
    private boolean differs(DependentKind kind, JsonNode fields, Optional<JsonNode> owned) {
      JsonNode expected = lastOf(kind, fields).map(Written::owned).orElse(fields);
      return !owned.equals(Optional.of(expected));
    }

    /// What was written last, if that were the same fields.
    private Optional<Written> lastOf(DependentKind kind, JsonNode fields) {
      return Optional.ofNullable(written.get(kind)).filter(last -> last.fields().equals(fields));
    }

    private boolean isFree(DependentKind kind) {
      Optional<String> others = objects.whoseNameItIs(kind);
      others.ifPresent(failures::add);
      return others.isEmpty();
    }

    private boolean mayWrite() {
      boolean may = pace.take(clock.instant());
      wrote |= may;
      paused |= !may;
      return may;
    }

    private void announce(DependentKind kind, String reason, String what) {
      String name = GatewayLabels.nameOf(wanted.id());
      cluster.announcer().normal(wanted.gateway(), reason, kind.kind() + " " + name + " " + what);
    }

    private void remove(DependentKind kind) {
      Optional<GenericKubernetesResource> live =
          objects
              .find(kind)
              .filter(l -> objects.whyNotOurs(l).isEmpty())
              .filter(l -> !l.isMarkedForDeletion());
      if (live.isPresent() && mayWrite()) {
        objects.delete(kind);
        announce(kind, "Pruned", "is wanted no longer");
      }
    }

    private long broughtTo() {
      return paused ? 0 : wanted.gateway().getMetadata().getGeneration();
    }

    Outcome outcome() {
      Optional<String> failure =
          failures.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", failures));
      WorkloadStanding standing =
          objects
              .find(DependentKind.DEPLOYMENT)
              .map(live -> cluster.as(live, Deployment.class))
              .map(deployment -> WorkloadStanding.of(broughtTo(), deployment, failure))
              .orElseGet(
                  () -> failure.map(WorkloadStanding::failed).orElse(WorkloadStanding.UNKNOWN));
      return new Outcome(standing, wrote, paused, failure);
    }
  }
}
