package ai.oneflow.operator.workload;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// How far the pods of an LLMGateway are, as far as the cluster knows.
///
/// @param generation the LLMGateway's that its dependents were brought to; 0 where to none
/// @param replicas pods that are wanted; empty where there is no Deployment yet
/// @param available pods that the cluster sends callers to
/// @param rolledOut whether all of them are made by the newest template, and no others are left
/// @param complaint what the cluster says keeps pods from coming; empty where nothing does
/// @param failure why the cluster does not take what the operator wants; empty where it does
public record WorkloadStanding(
    long generation,
    Optional<Integer> replicas,
    int available,
    boolean rolledOut,
    Optional<String> complaint,
    Optional<String> failure) {

  /// Before anything is known.
  public static final WorkloadStanding UNKNOWN =
      new WorkloadStanding(0, Optional.empty(), 0, true, Optional.empty(), Optional.empty());

  /// Read off a Deployment.
  ///
  /// @param generation the LLMGateway's that the Deployment was written or compared by
  public static WorkloadStanding of(
      long generation, Deployment deployment, Optional<String> failure) {
    DeploymentStatus status =
        deployment.getStatus() == null ? new DeploymentStatus() : deployment.getStatus();
    Integer wanted = deployment.getSpec().getReplicas();
    int replicas = wanted == null ? 1 : wanted;
    return new WorkloadStanding(
        generation,
        Optional.of(replicas),
        number(status.getAvailableReplicas()),
        rolledOut(deployment, status, replicas),
        complaint(status),
        failure);
  }

  public static WorkloadStanding failed(String failure) {
    return new WorkloadStanding(
        0, Optional.empty(), 0, false, Optional.empty(), Optional.of(failure));
  }

  /// A generation that was not looked at yet may be a new number of pods, which says nothing of
  /// their template.
  private static boolean rolledOut(Deployment deployment, DeploymentStatus status, int replicas) {
    long generation = Objects.requireNonNullElse(deployment.getMetadata().getGeneration(), 0L);
    boolean seen = Objects.requireNonNullElse(status.getObservedGeneration(), 0L) >= generation;
    int there = number(status.getReplicas());
    return (seen || there != replicas) && number(status.getUpdatedReplicas()) == there;
  }

  private static int number(Integer value) {
    return value == null ? 0 : value;
  }

  private static Optional<String> complaint(DeploymentStatus status) {
    List<DeploymentCondition> conditions =
        status.getConditions() == null ? List.of() : status.getConditions();
    return said(conditions, "ReplicaFailure", "True")
        .or(() -> said(conditions, "Progressing", "False"));
  }

  private static Optional<String> said(
      List<DeploymentCondition> conditions, String type, String status) {
    return conditions.stream()
        .filter(c -> type.equals(c.getType()) && status.equals(c.getStatus()))
        .map(c -> c.getReason() + ": " + c.getMessage())
        .findFirst();
  }
}
