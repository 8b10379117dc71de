package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Objects;

/// What is to be said of a resource.
///
/// @param generation the one that this speaks of
/// @param conditions Accepted, ResolvedRefs, Programmed and Ready, in this order
public record Report(EntryKey key, long generation, List<Verdict> conditions) {
  public Report {
    conditions = List.copyOf(conditions);
  }

  /// Whether all that is new since `before` is that no gateway is connected.
  public boolean onlyLacksGatewaysThatWereThere(List<Condition> before) {
    String programmed = ConditionType.PROGRAMMED.text();
    return conditions.stream().anyMatch(v -> v.reason() == ConditionReason.NO_GATEWAYS)
        && before.stream()
            .anyMatch(
                c ->
                    programmed.equals(c.getType())
                        && "True".equals(c.getStatus())
                        && Objects.equals(c.getObservedGeneration(), generation));
  }
}
