package ai.oneflow.gateway.ledger;

/// Where the figures of a usage come from.
public enum UsageSource {
  /// The provider said so.
  PROVIDER(1, "provider"),
  /// Nobody said; the figures are zero.
  NONE(2, "none"),
  /// Counted by the gateway.
  ESTIMATED(3, "estimated");

  private final int code;
  private final String label;

  UsageSource(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /// What the journal writes. A code is never used again for another meaning; a new one needs a
  /// new format of the journal, so that an older gateway leaves the file alone.
  public int code() {
    return code;
  }

  /// As SQL and reports name it.
  public String label() {
    return label;
  }
}
