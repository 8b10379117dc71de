package ai.oneflow.gateway.exchange.meter;

/// An amount of money in whole pico-dollars (10⁻¹² USD), never negative, at most some nine
/// million US dollars. A credit is a US cent.
///
/// Sums are exact or an [ArithmeticException]; nothing is ever rounded, as both renderings show all
/// of their decimals.
public record Money(long picoDollars) implements Comparable<Money> {
  public static final Money ZERO = new Money(0);

  private static final int DECIMALS_OF_A_DOLLAR = 12;
  private static final int DECIMALS_OF_A_CREDIT = 10;
  private static final int FEWEST_DECIMALS = 2;

  public Money {
    if (picoDollars < 0) {
      throw new IllegalArgumentException("money must not be negative: " + picoDollars);
    }
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(picoDollars, other.picoDollars));
  }

  /// US dollars in decimal digits, at least two after the point: `0.0125`.
  public String toUsd() {
    return decimal(DECIMALS_OF_A_DOLLAR);
  }

  /// Credits in decimal digits, at least two after the point: `1.25`.
  public String toCredits() {
    return decimal(DECIMALS_OF_A_CREDIT);
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(picoDollars, other.picoDollars);
  }

  @Override
  public String toString() {
    return toUsd() + " USD";
  }

  private String decimal(int decimals) {
    String digits = Long.toString(picoDollars);
    StringBuilder text = new StringBuilder(24);
    text.repeat('0', Math.max(0, decimals + 1 - digits.length())).append(digits);
    int point = text.length() - decimals;
    text.insert(point, '.');
    int length = text.length();
    while (length > point + 1 + FEWEST_DECIMALS && text.charAt(length - 1) == '0') {
      length--;
    }
    text.setLength(length);
    return text.toString();
  }
}
