package ai.oneflow.api.v1alpha1;

import static ai.oneflow.api.v1alpha1.ConditionType.ACCEPTED;
import static ai.oneflow.api.v1alpha1.ConditionType.PROGRAMMED;
import static ai.oneflow.api.v1alpha1.ConditionType.READY;
import static ai.oneflow.api.v1alpha1.ConditionType.RESOLVED_REFS;

/// Why a condition is as it is. The list is closed: people write alerts and scripts against it.
public enum ConditionReason {
  WELL_FORMED(ACCEPTED, "Accepted", true, "The resource is well formed and without conflict."),
  INVALID(ACCEPTED, "Invalid", false, "The resource contradicts itself; the message says where."),
  CONFLICT(
      ACCEPTED, "Conflict", false, "An older resource holds what this one claims; it is named."),
  UNSUPPORTED_VALUE(
      ACCEPTED, "UnsupportedValue", false, "A value that this version does not serve yet."),

  REFS_RESOLVED(RESOLVED_REFS, "ResolvedRefs", true, "All references lead somewhere."),
  SECRET_NOT_FOUND(
      RESOLVED_REFS, "SecretNotFound", false, "A Secret that is named does not exist."),
  SECRET_REFUSED(
      RESOLVED_REFS,
      "SecretRefused",
      false,
      "The API server does not take the Secret with a key; the message says why."),
  SECRET_KEY_MISSING(
      RESOLVED_REFS, "SecretKeyMissing", false, "A Secret lacks the key, or it is empty."),
  PROVIDER_NOT_FOUND(
      RESOLVED_REFS, "ProviderNotFound", false, "An LLMProvider that is named does not exist."),
  MODEL_NOT_FOUND(RESOLVED_REFS, "ModelNotFound", false, "An LLMProvider does not list the model."),
  REF_NOT_PERMITTED(
      RESOLVED_REFS,
      "RefNotPermitted",
      false,
      "The other namespace does not allow this one; see its allowedNamespaces."),

  GATEWAYS_PROGRAMMED(
      PROGRAMMED, "Programmed", true, "All connected gateways run it; the message counts them."),
  PENDING(PROGRAMMED, "Pending", false, "Not all gateways have acknowledged it yet."),
  NO_GATEWAYS(PROGRAMMED, "NoGateways", false, "No gateway that would serve it is connected."),
  REJECTED(PROGRAMMED, "Rejected", false, "A gateway refused it; the message says why."),

  ALL_READY(READY, "Ready", true, "All other conditions are true."),
  NOT_READY(READY, "NotReady", false, "Another condition is not true; the message names it."),
  CREDENTIAL_REFUSED(
      READY,
      "CredentialRefused",
      false,
      "The provider refuses a credential that was changed; the one before it serves on for a while."),
  PROGRESSING(
      READY, "Progressing", false, "Pods of the LLMGateway are still to come; they are counted."),
  WORKLOAD_FAILED(
      READY,
      "WorkloadFailed",
      false,
      "The cluster refuses what the LLMGateway is to run as; the message says why.");

  private final ConditionType type;
  private final String text;
  private final boolean holds;
  private final String meaning;

  ConditionReason(ConditionType type, String text, boolean holds, String meaning) {
    this.type = type;
    this.text = text;
    this.holds = holds;
    this.meaning = meaning;
  }

  /// The condition that it explains.
  public ConditionType type() {
    return type;
  }

  /// As `status.conditions[].reason` spells it.
  public String text() {
    return text;
  }

  /// Whether the condition is `True` for this reason.
  public boolean holds() {
    return holds;
  }

  /// Whether it passes by itself: nobody has to do anything but wait.
  public boolean passes() {
    return switch (this) {
      case PENDING, NO_GATEWAYS, PROGRESSING -> true;
      default -> false;
    };
  }

  /// A sentence for the reference page.
  public String meaning() {
    return meaning;
  }
}
