package ai.oneflow.tests.fleet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.KeyEntry;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Callers' keys that are made out of their names.
public final class Keys {
  private static final int DIGITS = 40;

  private Keys() {}

  /// What a caller sends.
  public static String secret(String name) {
    return "of_test_" + sha256(name).substring(0, DIGITS);
  }

  /// The ApiKey of that name, of a user by the same name.
  public static KeyEntry entry(String name, List<BudgetEntry> budgets) {
    return entry(name, budgets, false);
  }

  /// One that spends what is topped up for it.
  static KeyEntry prepaid(String name) {
    return entry(name, List.of(), true);
  }

  private static KeyEntry entry(String name, List<BudgetEntry> budgets, boolean prepaid) {
    return new KeyEntry(
        "ai",
        name,
        1,
        List.of(new KeyEntry.Hash(sha256(secret(name)), Optional.empty())),
        name,
        "search",
        List.of(),
        List.of(),
        List.of(),
        budgets,
        prepaid,
        0,
        false,
        Optional.empty());
  }

  /// So much in total, and then nothing more.
  public static BudgetEntry budget(long picoDollars) {
    return new BudgetEntry(
        picoDollars,
        BudgetEntry.Window.TOTAL,
        "UTC",
        BudgetEntry.Action.HARD_STOP,
        "",
        List.of(80));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
