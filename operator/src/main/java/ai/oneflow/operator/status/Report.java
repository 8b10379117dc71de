package ai.oneflow.operator.status;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.operator.resolve.Verdict;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
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

  /// What people are to be told of by an event: neither what passes by itself, nor what only
  /// follows from the rest.
  public List<Verdict> troubles() {
    return conditions.stream()
        .filter(v -> !v.holds() && !passes(v) && v.reason() != ConditionReason.NOT_READY)
        .toList();
  }

  /// Whether a condition tells what a verdict does, but for what changes by the minute.
  static boolean says(Condition condition, Verdict verdict) {
    boolean same =
        verdict.message().equals(condition.getMessage())
            || !verdict.message().equals(verdict.told());
    return same
        && verdict.reason().type().text().equals(condition.getType())
        && verdict.reason().text().equals(condition.getReason());
  }

  /// Whether nobody has to do anything but wait. The Secret of a key is the operator's own work,
  /// and will be there soon.
  boolean passes(Verdict verdict) {
    boolean isMinted =
        key.kind() == Kind.API_KEY && verdict.reason() == ConditionReason.SECRET_NOT_FOUND;
    return verdict.reason().passes() || isMinted;
  }

  /// How soon it is wanted by those who read it.
  public enum Urgency {
    /// A condition has another answer, or speaks of another generation.
    NEWS,

    /// Words and numbers: what was spent, when a key was used, which snapshot runs.
    FIGURES
  }

  /// How soon people want to read this after `before`. Gateways are few, and who rolls one out
  /// counts their pods.
  public Urgency urgency(List<Condition> before) {
    boolean isNews =
        key.kind() == Kind.LLM_GATEWAY
            || conditions.stream().anyMatch(v -> before.stream().noneMatch(c -> answers(c, v)));
    return isNews ? Urgency.NEWS : Urgency.FIGURES;
  }

  private boolean answers(Condition before, Verdict verdict) {
    return verdict.reason().type().text().equals(before.getType())
        && (verdict.holds() ? "True" : "False").equals(before.getStatus())
        && Objects.equals(before.getObservedGeneration(), generation);
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
