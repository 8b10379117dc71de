package ai.oneflow.gateway.ledger;

/// How far a charge can be trusted.
public enum ChargeState {
  /// Figures and prices were sound.
  PRICED(1, "priced"),
  /// The target had no price; the amount is zero.
  UNPRICED(2, "unpriced"),
  /// The parts of the usage were larger than their whole and were cut.
  CLAMPED(3, "clamped"),
  /// The amount does not fit 64 bits; it is left at zero.
  OVERFLOWED(4, "overflowed");

  private final int code;
  private final String label;

  ChargeState(int code, String label) {
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
