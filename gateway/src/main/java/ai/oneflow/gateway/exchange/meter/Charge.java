package ai.oneflow.gateway.exchange.meter;

/// What a request costs, or why that cannot be said. Only a [Priced] charge is beyond doubt.
public sealed interface Charge {

  /// What is charged: nothing where there is no amount.
  Money amount();

  /// Figures and prices were sound; `priceVersion` names the list.
  record Priced(Money amount, String priceVersion) implements Charge {}

  /// The provider's figures contradict themselves: parts larger than their whole. The parts were
  /// cut so that they fit, in the order cached, cache write, audio; the whole was charged once.
  record Clamped(Money amount, String priceVersion) implements Charge {}

  /// The provider's figures, or the prices, are so large that the amount does not fit 64 bits. No
  /// amount is charged: a wrong one would look like a right one.
  record Overflowed(String priceVersion) implements Charge {
    @Override
    public Money amount() {
      return Money.ZERO;
    }
  }

  /// The target has no price that has begun.
  record Unpriced() implements Charge {
    static final Unpriced INSTANCE = new Unpriced();

    @Override
    public Money amount() {
      return Money.ZERO;
    }
  }
}
