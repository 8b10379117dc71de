package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.ConditionReason;

/// What is said of a resource in one respect: a condition without its time.
///
/// @param reason says which condition, whether it holds, and why
/// @param message a sentence for a person, without secrets
/// @param told the same without what changes by the minute, such as counts: each time that it
///     changes is an event
public record Verdict(ConditionReason reason, String message, String told) {
  public Verdict(ConditionReason reason, String message) {
    this(reason, message, message);
  }

  public boolean holds() {
    return reason.holds();
  }
}
