package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicyBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRulesBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpec;
import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricSpecBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/// How many pods there are, and how many may be taken away at once.
final class Availability {
  /// A pod that goes takes its streams' time to go: by one a minute, and not for a short lull.
  private static final int SHRINK_BY = 1;

  private static final int SHRINK_EVERY_SECONDS = 60;
  private static final int LULL_SECONDS = 300;

  private Availability() {}

  static HorizontalPodAutoscaler autoscaler(LLMGateway gateway, Scaling.Automatic scaling) {
    return new HorizontalPodAutoscalerBuilder()
        .withMetadata(GatewayLabels.metadata(gateway))
        .withNewSpec()
        .withNewScaleTargetRef("apps/v1", "Deployment", GatewayLabels.nameOf(gateway))
        .withMinReplicas(scaling.minReplicas())
        .withMaxReplicas(scaling.maxReplicas())
        .withMetrics(cpu(scaling.targetCpuPercent()))
        .withNewBehavior()
        .withScaleDown(
            new HPAScalingRulesBuilder()
                .withStabilizationWindowSeconds(LULL_SECONDS)
                .withPolicies(
                    new HPAScalingPolicyBuilder()
                        .withType("Pods")
                        .withValue(SHRINK_BY)
                        .withPeriodSeconds(SHRINK_EVERY_SECONDS)
                        .build())
                .build())
        .endBehavior()
        .endSpec()
        .build();
  }

  private static MetricSpec cpu(int percent) {
    return new MetricSpecBuilder()
        .withType("Resource")
        .withNewResource()
        .withName("cpu")
        .withNewTarget()
        .withType("Utilization")
        .withAverageUtilization(percent)
        .endTarget()
        .endResource()
        .build();
  }

  /// One at a time, whatever their number: a single pod must not keep a node from being drained for
  /// ever, and pods that do not run anyway keep nobody.
  static PodDisruptionBudget disruptionBudget(LLMGateway gateway) {
    return new PodDisruptionBudgetBuilder()
        .withMetadata(GatewayLabels.metadata(gateway))
        .withNewSpec()
        .withNewMaxUnavailable(1)
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(GatewayLabels.selector(gateway))
        .endSelector()
        .endSpec()
        .build();
  }
}
