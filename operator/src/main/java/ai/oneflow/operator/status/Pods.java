package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMGatewayStatus;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.operator.workload.Scaling;
import ai.oneflow.operator.workload.WorkloadStanding;
import java.util.Objects;
import java.util.Optional;

/// The pods of an LLMGateway: how many there are to be, how many there are. Who counts are those
/// that have connected, since these serve, once the cluster sends them callers as well; what it
/// says of the others is why they do not.
///
/// @param desired pods that are wanted now
/// @param atLeast pods that are wanted whatever the load
/// @param connected pods that are connected to the operator
/// @param applied whether what the cluster runs was made for the LLMGateway as it is now
public record Pods(
    int desired, int atLeast, int connected, boolean applied, WorkloadStanding standing) {
  private static final int MOST_CHARACTERS = 1_000;

  public static Pods of(LLMGateway gateway, WorkloadStanding standing, int connected) {
    int atLeast = gateway.getSpec() == null ? 1 : Scaling.of(gateway.getSpec()).atLeast();
    int desired = standing.replicas().or(() -> saidBefore(gateway)).orElse(atLeast);
    boolean known = !standing.equals(WorkloadStanding.UNKNOWN);
    boolean applied =
        known ? standing.generation() >= generation(gateway) : wasSaidToBeReady(gateway);
    return new Pods(desired, atLeast, connected, applied, standing);
  }

  private static long generation(LLMGateway gateway) {
    return Objects.requireNonNullElse(gateway.getMetadata().getGeneration(), 0L);
  }

  /// By an operator before this one, of this generation.
  private static boolean wasSaidToBeReady(LLMGateway gateway) {
    return Optional.ofNullable(gateway.getStatus()).stream()
        .flatMap(status -> status.conditions().stream())
        .filter(c -> ConditionType.READY.text().equals(c.getType()))
        .filter(c -> Objects.equals(c.getObservedGeneration(), generation(gateway)))
        .anyMatch(c -> "True".equals(c.getStatus()));
  }

  /// By an operator before this one, which knew: it should not show that this one has not looked
  /// yet.
  private static Optional<Integer> saidBefore(LLMGateway gateway) {
    return Optional.ofNullable(gateway.getStatus())
        .map(LLMGatewayStatus::gateways)
        .map(LLMGatewayStatus.Gateways::desired)
        .filter(desired -> desired > 0);
  }

  /// What keeps the gateway from being ready; empty where its pods do not.
  Optional<Verdict> lack() {
    return standing
        .failure()
        .map(words -> failed(words, words))
        .or(() -> isComplete() ? Optional.empty() : Optional.of(incomplete()));
  }

  private boolean isComplete() {
    boolean served =
        standing.equals(WorkloadStanding.UNKNOWN)
            || (standing.rolledOut() && connected >= atLeast && standing.available() >= atLeast);
    return applied && served;
  }

  private Verdict incomplete() {
    return standing
        .complaint()
        .map(words -> failed(counted() + "; " + words, words))
        .orElseGet(() -> new Verdict(ConditionReason.PROGRESSING, counted()));
  }

  private String counted() {
    String count = connected + " of at least " + atLeast + " pods are connected";
    boolean known = standing.replicas().isPresent();
    if (known && connected >= atLeast && standing.available() < atLeast) {
      count += ", " + standing.available() + " available";
    }
    if (!applied) {
      return count + ", and the newest generation is still to be applied";
    }
    return standing.rolledOut() ? count : count + ", and pods are being replaced";
  }

  private static Verdict failed(String words, String told) {
    return new Verdict(ConditionReason.WORKLOAD_FAILED, cut(words), cut(told));
  }

  private static String cut(String words) {
    return words.substring(0, Math.min(MOST_CHARACTERS, words.length()));
  }
}
