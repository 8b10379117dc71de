package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGatewaySpec;
import ai.oneflow.api.v1alpha1.LLMGatewaySpec.Autoscaling;

/// How the number of pods is found.
public sealed interface Scaling {
  /// As many as somebody wrote, or one where nothing is said and each would count for itself.
  record Fixed(int replicas) implements Scaling {}

  /// By load; a HorizontalPodAutoscaler decides.
  record Automatic(int minReplicas, int maxReplicas, int targetCpuPercent) implements Scaling {}

  /// What a spec asks for.
  static Scaling of(LLMGatewaySpec spec) {
    Integer replicas = spec.replicas();
    Autoscaling autoscaling = spec.autoscaling();
    if (replicas != null) {
      return new Fixed(replicas);
    }
    if (spec.redis() == null) {
      return new Fixed(1);
    }
    return automatic(autoscaling == null ? Autoscaling.DEFAULT : autoscaling);
  }

  private static Automatic automatic(Autoscaling autoscaling) {
    return new Automatic(
        autoscaling.minReplicas(), autoscaling.maxReplicas(), autoscaling.targetCPUPercent());
  }

  /// How many pods there are to be whatever the load.
  default int atLeast() {
    return switch (this) {
      case Fixed(var replicas) -> replicas;
      case Automatic(var min, var _, var _) -> min;
    };
  }
}
