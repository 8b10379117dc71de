package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Everything that the cluster is to run for one LLMGateway. Pure: the same in, the same out.
///
/// What is in these manifests is the operator's; every field that is not stays whose it is.
public final class Workload {
  private Workload() {}

  /// What is found in the cluster and makes a difference.
  ///
  /// @param replicas what the Deployment runs at, where nobody but the operator says so
  /// @param kinds kinds that not every API server has, of those that it has
  public record Around(OptionalInt replicas, Set<String> kinds) {
    public Around {
      kinds = Set.copyOf(kinds);
    }
  }

  /// The dependents, in the order in which they are to be made: pods come when all that they need
  /// is there.
  public static List<HasMetadata> of(Wanted wanted, Ground ground, Around around) {
    LLMGateway gateway = wanted.gateway();
    Scaling scaling = Scaling.of(gateway.getSpec());
    List<HasMetadata> all = new ArrayList<>();
    all.add(Identity.serviceAccount(gateway));
    all.add(Identity.authority(gateway, ground));
    all.add(Reach.policy(wanted, ground));
    all.add(Reach.service(gateway));
    all.add(Availability.disruptionBudget(gateway));
    all.add(GatewayDeployment.of(gateway, ground, replicas(scaling, around.replicas())));
    if (scaling instanceof Scaling.Automatic automatic) {
      all.add(Availability.autoscaler(gateway, automatic));
    }
    if (around.kinds().contains(Monitors.SERVICE_MONITOR)) {
      all.add(Monitors.serviceMonitor(gateway));
    }
    if (around.kinds().contains(Monitors.PROMETHEUS_RULE)) {
      all.add(Monitors.prometheusRule(gateway, ground));
    }
    return List.copyOf(all);
  }

  /// While an autoscaler rules the number is not ours to say. Where it was until now, and nobody
  /// has taken it over yet, it stays: whoever lets go of a field as the last one takes its value
  /// with it, and one pod would be left of many. An autoscaler never begins with none.
  private static OptionalInt replicas(Scaling scaling, OptionalInt held) {
    return switch (scaling) {
      case Scaling.Fixed(var replicas) -> OptionalInt.of(replicas);
      case Scaling.Automatic(var min, var max, var _) ->
          held.isPresent()
              ? OptionalInt.of(Math.clamp(held.getAsInt(), min, max))
              : OptionalInt.empty();
    };
  }
}
