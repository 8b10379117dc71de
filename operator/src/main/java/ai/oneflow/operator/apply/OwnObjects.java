package ai.oneflow.operator.apply;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.workload.GatewayLabels;
import ai.oneflow.operator.workload.Owned;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// The objects of one LLMGateway's name: what they are now, whose, and how they become what they
/// are to be. Confined to one thread.
final class OwnObjects {
  /// How long what was written counts before the watch shows it. If it does not by then it was
  /// deleted in the meantime.
  static final Duration SHOWN_WITHIN = Duration.ofSeconds(5);

  private final Applier.Cluster cluster;
  private final GatewayId gateway;
  private final String gatewayUid;
  private final Map<DependentKind, Written> written;
  private final Clock clock;

  OwnObjects(
      Applier.Cluster cluster, Owner owner, Map<DependentKind, Written> written, Clock clock) {
    this.cluster = cluster;
    this.gateway = owner.id();
    this.gatewayUid = owner.uid();
    this.written = written;
    this.clock = clock;
  }

  /// An LLMGateway and which of those that bore its name in turn.
  record Owner(GatewayId id, String uid) {}

  /// As it is now: as the watch shows it, or as it came back when it was written a moment ago.
  Optional<GenericKubernetesResource> find(DependentKind kind) {
    Optional<GenericKubernetesResource> seen = cluster.dependents().find(kind, gateway);
    Written last = written.get(kind);
    Instant until = clock.instant().minus(SHOWN_WITHIN);
    if (last == null || last.at().isBefore(until)) {
      return seen;
    }
    return seen.filter(s -> version(s) >= version(last.response()))
        .or(() -> Optional.of(last.response()));
  }

  private static long version(HasMetadata object) {
    try {
      return Long.parseLong(object.getMetadata().getResourceVersion());
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }

  /// Why an object of the wanted name must be left alone, in words; empty where it is the
  /// gateway's.
  Optional<String> whyNotOurs(HasMetadata object) {
    String what =
        object.getKind() + " " + gateway.namespace() + "/" + object.getMetadata().getName();
    Optional<OwnerReference> controller =
        object.getMetadata().getOwnerReferences().stream()
            .filter(owner -> Boolean.TRUE.equals(owner.getController()))
            .findFirst();
    if (controller.isPresent()) {
      return controller
          .filter(owner -> !owner.getUid().equals(gatewayUid))
          .map(owner -> what + " belongs to another " + owner.getKind() + ", " + owner.getName());
    }
    boolean adopted = DependentKind.of(object.getKind()).mayBeAdopted() || isLabelledAsOurs(object);
    return adopted
        ? Optional.empty()
        : Optional.of(what + " is somebody else's; rename or delete it, or rename the LLMGateway");
  }

  private boolean isLabelledAsOurs(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return GatewayLabels.gatewayOf(object).equals(Optional.of(gateway))
        && GatewayLabels.OPERATOR.equals(labels.get(GatewayLabels.MANAGED_BY));
  }

  /// Whether somebody has an object of the wanted name, which the watch need not show; in words.
  Optional<String> whoseNameItIs(DependentKind kind) {
    return Optional.ofNullable(own(kind).get()).flatMap(this::whyNotOurs);
  }

  void apply(DependentKind kind, HasMetadata manifest, JsonNode fields) {
    GenericKubernetesResource response =
        cluster
            .client()
            .genericKubernetesResources(kind.context())
            .inNamespace(gateway.namespace())
            .resource(cluster.as(manifest, GenericKubernetesResource.class))
            .fieldManager(GatewayLabels.OPERATOR)
            .forceConflicts()
            .serverSideApply();
    JsonNode owned = Owned.by(GatewayLabels.OPERATOR, response).orElse(fields);
    written.put(kind, new Written(fields, owned, response, clock.instant()));
  }

  void delete(DependentKind kind) {
    own(kind).delete();
    written.remove(kind);
  }

  private Resource<GenericKubernetesResource> own(DependentKind kind) {
    return cluster
        .client()
        .genericKubernetesResources(kind.context())
        .inNamespace(gateway.namespace())
        .withName(GatewayLabels.nameOf(gateway));
  }
}
