package ai.oneflow.gateway.ledger;

/// What was charged.
///
/// @param picoDollars 10⁻¹² USD; zero unless the state is priced or clamped
/// @param priceVersion the list that it was priced by; empty where there was none
public record Cost(ChargeState state, long picoDollars, String priceVersion) {
  public static final Cost UNPRICED = new Cost(ChargeState.UNPRICED, 0, "");

  public Cost {
    if (picoDollars < 0) {
      throw new IllegalArgumentException("picoDollars must not be negative: " + picoDollars);
    }
    Text.checked("a price version", priceVersion);
  }
}
