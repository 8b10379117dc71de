package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.OptionalInt;

/// The Deployment of an LLMGateway: a new pod is ready before an old one goes.
final class GatewayDeployment {
  private static final String SURGE = "25%";

  private GatewayDeployment() {}

  /// @param replicas empty where somebody else decides
  static Deployment of(LLMGateway gateway, Ground ground, OptionalInt replicas) {
    DeploymentBuilder deployment =
        new DeploymentBuilder()
            .withMetadata(GatewayLabels.metadata(gateway))
            .withNewSpec()
            .withNewSelector()
            .withMatchLabels(GatewayLabels.selector(gateway))
            .endSelector()
            .withNewStrategy()
            .withType("RollingUpdate")
            .withNewRollingUpdate()
            .withMaxSurge(new IntOrString(SURGE))
            .withMaxUnavailable(new IntOrString(0))
            .endRollingUpdate()
            .endStrategy()
            .withTemplate(new GatewayPod(gateway, ground).template())
            .endSpec();
    replicas.ifPresent(number -> deployment.editSpec().withReplicas(number).endSpec());
    return deployment.build();
  }
}
