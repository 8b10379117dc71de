package ai.oneflow.snapshot;

import java.time.Instant;
import java.util.List;

/// What keys have spent so far, as a gateway sees it; only of those that changed since it last said
/// so. What is said later holds. It needs no answer.
///
/// @param keys at most [#MOST]
public record Spending(List<Spent> keys) implements FromGateway {
  /// So many fit into a message with ease.
  public static final int MOST = 1_000;

  public Spending {
    keys = List.copyOf(keys);
    if (keys.size() > MOST) {
      throw new IllegalArgumentException(
          "a message has at most " + MOST + " keys, not " + keys.size());
    }
  }

  /// What a key has spent in a window that is under way, with all gateways that count together.
  ///
  /// @param namespace the ApiKey's
  /// @param name the ApiKey's
  /// @param since when the window began
  public record Spent(
      String namespace, String name, BudgetEntry.Window window, Instant since, long picoDollars) {
    public Spent {
      Require.text("a key's namespace", namespace);
      Require.text("a key's name", name);
      Require.atLeast("picoDollars", 0, picoDollars);
    }

    public EntryKey key() {
      return new EntryKey(Kind.API_KEY, namespace, name);
    }
  }
}
