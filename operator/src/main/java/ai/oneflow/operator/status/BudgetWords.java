package ai.oneflow.operator.status;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.Warning;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// What a person is told of a budget that was spent up to a mark.
public final class BudgetWords {
  private static final int ALL = 100;
  private static final int DOLLAR_DIGITS = 12;
  private static final int ID_DIGITS = 16;

  private BudgetWords() {}

  public static Announcer.Words of(GatewayId gateway, Warning warning) {
    String dollars =
        BigDecimal.valueOf(warning.picoDollars(), DOLLAR_DIGITS)
            .stripTrailingZeros()
            .toPlainString();
    String message =
        (warning.percent() == ALL ? "the budget" : warning.percent() + "% of the budget")
            + " of "
            + dollars
            + " US dollars"
            + (warning.counter().isEmpty() ? "" : " for " + warning.counter())
            + " is spent, "
            + when(warning)
            + ", at gateway "
            + gateway;
    return new Announcer.Words(
        warning.percent() == ALL ? "BudgetExhausted" : "BudgetWarning", message);
  }

  private static String when(Warning warning) {
    return warning.window() == Window.TOTAL
        ? "in total"
        : "in the "
            + warning.window().name().toLowerCase(Locale.ROOT)
            + " that began at "
            + warning.since();
  }

  /// The same for the same crossing in the same window, whichever pod of the gateway saw it.
  public static String id(GatewayId gateway, Warning warning) {
    String whole = gateway + "\n" + warning;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
