package ai.oneflow.gateway.ops;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;

/// Amounts of money as people write them. Nothing is ever rounded.
final class Amount {
  private static final int DECIMALS_OF_A_DOLLAR = 12;
  private static final int DECIMALS_OF_A_CREDIT = 10;
  private static final int FEWEST_DECIMALS = 2;
  private static final int MOST_CHARACTERS = 40;

  private Amount() {}

  /// Credits in decimal digits, at least two after the point; a debt has a minus.
  static String credits(BigInteger picoDollars) {
    BigDecimal credits = new BigDecimal(picoDollars, DECIMALS_OF_A_CREDIT).stripTrailingZeros();
    return credits.setScale(Math.max(FEWEST_DECIMALS, credits.scale())).toPlainString();
  }

  /// In pico-dollars.
  ///
  /// @param unit `USD` or `Credits`, in any case
  static long parse(String amount, String unit) {
    int decimals =
        switch (unit.toLowerCase(Locale.ROOT)) {
          case "usd" -> DECIMALS_OF_A_DOLLAR;
          case "credits" -> DECIMALS_OF_A_CREDIT;
          default -> throw new IllegalArgumentException("a unit is USD or Credits, not " + unit);
        };
    try {
      if (amount.matches("\\d+(\\.\\d+)?") && amount.length() <= MOST_CHARACTERS) {
        return new BigDecimal(amount).movePointRight(decimals).longValueExact();
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "an amount has at most "
              + decimals
              + " digits after the point and fits nine million USD, not "
              + amount,
          e);
    }
    throw new IllegalArgumentException("write an amount as 50 or 50.00, not " + amount);
  }
}
