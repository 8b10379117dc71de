package ai.oneflow.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.operator.workload.WorkloadStanding;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodsTest {
  private static Pods pods(int connected, WorkloadStanding standing) {
    return new Pods(3, 3, connected, true, standing);
  }

  private static WorkloadStanding standing(boolean rolledOut, String complaint, String failure) {
    return standing(3, rolledOut, complaint, failure);
  }

  private static WorkloadStanding standing(
      int available, boolean rolledOut, String complaint, String failure) {
    return new WorkloadStanding(
        2,
        Optional.of(3),
        available,
        rolledOut,
        Optional.of(complaint).filter(c -> !c.isEmpty()),
        Optional.of(failure).filter(f -> !f.isEmpty()));
  }

  @Test
  void nothingLacksWhenAsManyAreConnectedAsThereAreToBe() {
    assertThat(pods(3, standing(true, "", "")).lack()).isEmpty();
    assertThat(pods(4, standing(true, "an old complaint", "")).lack()).isEmpty();
  }

  @Test
  void podsThatAreStillToComeAreCounted() {
    assertThat(pods(2, standing(true, "", "")).lack())
        .contains(new Verdict(ConditionReason.PROGRESSING, "2 of at least 3 pods are connected"));
    assertThat(pods(3, standing(false, "", "")).lack())
        .contains(
            new Verdict(
                ConditionReason.PROGRESSING,
                "3 of at least 3 pods are connected, and pods are being replaced"));
  }

  /// A pod that is connected may not be ready by its probe yet, so that nobody is sent to it.
  @Test
  void podsThatGetNoCallersAreStillToCome() {
    assertThat(pods(3, standing(1, true, "", "")).lack())
        .contains(
            new Verdict(
                ConditionReason.PROGRESSING, "3 of at least 3 pods are connected, 1 available"));
  }

  @Test
  void podsThatCannotComeAreAFailure() {
    assertThat(pods(0, standing(true, "FailedCreate: exceeded quota", "")).lack())
        .contains(
            new Verdict(
                ConditionReason.WORKLOAD_FAILED,
                "0 of at least 3 pods are connected; FailedCreate: exceeded quota",
                "FailedCreate: exceeded quota"));
    assertThat(pods(3, standing(true, "", "it is forbidden")).lack())
        .contains(new Verdict(ConditionReason.WORKLOAD_FAILED, "it is forbidden"));
  }

  /// The pods that are there may acknowledge before the cluster is told of others.
  @Test
  void whatStandsForAnOldGenerationSaysNothingOfTheNewest() {
    WorkloadStanding second = standing(true, "", "");

    assertThat(Pods.of(gateway(2, ""), second, 3).lack()).isEmpty();
    assertThat(Pods.of(gateway(3, ""), second, 3).lack())
        .contains(
            new Verdict(
                ConditionReason.PROGRESSING,
                "3 of at least 3 pods are connected, and the newest generation is still to be"
                    + " applied"));
  }

  @Test
  void beforeAnythingIsKnownWhatWasSaidOfThisGenerationHolds() {
    String said = "status: {conditions: [{type: Ready, status: \"True\", observedGeneration: 2}]}";

    assertThat(Pods.of(gateway(2, said), WorkloadStanding.UNKNOWN, 3).lack()).isEmpty();
    assertThat(Pods.of(gateway(3, said), WorkloadStanding.UNKNOWN, 3).lack()).isPresent();
    assertThat(Pods.of(gateway(2, ""), WorkloadStanding.UNKNOWN, 3).lack()).isPresent();
  }

  private static LLMGateway gateway(int generation, String status) {
    return Manifests.parse(
            """
            apiVersion: oneflow.ai/v1alpha1
            kind: LLMGateway
            metadata: {name: main, namespace: ai, generation: %d}
            spec: {replicas: 3}
            %s
            """
                .formatted(generation, status))
        .list(LLMGateway.class)
        .getFirst();
  }

  @Test
  void nothingIsSaidBeforeAnythingIsKnown() {
    assertThat(pods(0, WorkloadStanding.UNKNOWN).lack()).isEmpty();
  }
}
