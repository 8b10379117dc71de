package ai.oneflow.api.v1alpha1;

/// The types of condition that every resource has. The list is closed.
public enum ConditionType {
  ACCEPTED("Accepted", "The resource is well formed and in conflict with no other."),
  RESOLVED_REFS("ResolvedRefs", "All it points to exists and may be used."),
  PROGRAMMED("Programmed", "Every connected gateway runs this generation."),
  READY("Ready", "The conjunction of the others, for kubectl wait, Argo CD and Flux.");

  private final String text;
  private final String meaning;

  ConditionType(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /// As `status.conditions` spells it.
  public String text() {
    return text;
  }

  /// A sentence for the reference page.
  public String meaning() {
    return meaning;
  }
}
