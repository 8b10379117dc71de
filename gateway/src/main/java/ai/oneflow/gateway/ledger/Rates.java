package ai.oneflow.gateway.ledger;

/// By what a request is charged whose gateway was killed before the request ended: the plain prices
/// of its list. Made once when configuration is compiled.
///
/// @param priceVersion the list; empty where the request is unpriced
/// @param perRequest pico-dollars, as the others
public record Rates(String priceVersion, long perRequest, long perInputToken, long perOutputToken) {
  public static final Rates UNPRICED = new Rates("", 0, 0, 0);

  public Rates {
    Text.checked("a price version", priceVersion);
    if ((perRequest | perInputToken | perOutputToken) < 0) {
      throw new IllegalArgumentException("no price may be negative");
    }
  }

  /// What so many tokens cost.
  public Cost cost(long inputTokens, long outputTokens) {
    if (priceVersion.isEmpty()) {
      return Cost.UNPRICED;
    }
    try {
      long input = Math.multiplyExact(inputTokens, perInputToken);
      long output = Math.multiplyExact(outputTokens, perOutputToken);
      long sum = Math.addExact(Math.addExact(input, output), perRequest);
      return new Cost(ChargeState.PRICED, sum, priceVersion);
    } catch (ArithmeticException tooLarge) {
      return new Cost(ChargeState.OVERFLOWED, 0, priceVersion);
    }
  }
}
