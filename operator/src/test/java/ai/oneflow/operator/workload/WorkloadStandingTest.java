package ai.oneflow.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkloadStandingTest {
  private static WorkloadStanding standing(String generationReplicasStatus) {
    String[] parts = generationReplicasStatus.split("; ", 3);
    Deployment deployment =
        Serialization.unmarshal(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {generation: %s}
            spec: {replicas: %s}
            status: %s
            """
                .formatted(parts[0], parts[1], parts[2]),
            Deployment.class);
    return WorkloadStanding.of(7, deployment, Optional.empty());
  }

  @Test
  void isRolledOutWhenAllPodsAreOfTheNewestTemplate() {
    assertThat(
            standing(
                "2; 3; {observedGeneration: 2, replicas: 3, updatedReplicas: 3,"
                    + " availableReplicas: 2}"))
        .isEqualTo(
            new WorkloadStanding(7, Optional.of(3), 2, true, Optional.empty(), Optional.empty()));
    assertThat(
            standing("2; 3; {observedGeneration: 2, replicas: 4, updatedReplicas: 1}").rolledOut())
        .isFalse();
  }

  @Test
  void aTemplateThatNobodyLookedAtYetIsNotRolledOut() {
    assertThat(
            standing("3; 3; {observedGeneration: 2, replicas: 3, updatedReplicas: 3}").rolledOut())
        .isFalse();
    assertThat(standing("1; 3; {}").rolledOut()).isTrue();
  }

  /// Else a gateway would lose its readiness for a moment whenever it grows.
  @Test
  void aNewNumberOfPodsIsNoNewTemplate() {
    assertThat(
            standing("3; 5; {observedGeneration: 2, replicas: 3, updatedReplicas: 3}").rolledOut())
        .isTrue();
  }

  @Test
  void saysWhatKeepsPodsFromComing() {
    assertThat(
            standing(
                    "1; 3; {conditions: [{type: Available, status: \"False\", reason: X, message:"
                        + " x}, {type: ReplicaFailure, status: \"True\", reason: FailedCreate,"
                        + " message: exceeded quota}]}")
                .complaint())
        .contains("FailedCreate: exceeded quota");
    assertThat(
            standing(
                    "1; 3; {conditions: [{type: Progressing, status: \"False\", reason:"
                        + " ProgressDeadlineExceeded, message: it takes too long}]}")
                .complaint())
        .contains("ProgressDeadlineExceeded: it takes too long");
    assertThat(
            standing("1; 3; {conditions: [{type: Progressing, status: \"True\", reason: A}]}")
                .complaint())
        .isEmpty();
  }
}
