package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ConditionReason;

/// What is said of a resource in one respect: a condition without its time.
///
/// @param reason says which condition, whether it holds, and why
/// @param message a sentence for a person, without secrets
public record Verdict(ConditionReason reason, String message) {
  public boolean holds() {
    return reason.holds();
  }
}
