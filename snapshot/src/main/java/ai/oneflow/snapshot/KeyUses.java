package ai.oneflow.snapshot;

import java.time.Instant;
import java.util.List;

/// When callers used keys last, as one gateway sees it; of each key once a minute at most. It needs
/// no answer.
///
/// Sent only to an operator that names it in [PushService#TAKES].
///
/// @param keys at most [#MOST]
public record KeyUses(List<Use> keys) implements FromGateway {
  /// So many fit into a message with ease.
  public static final int MOST = 1_000;

  public KeyUses {
    keys = List.copyOf(keys);
    if (keys.size() > MOST) {
      throw new IllegalArgumentException(
          "a message has at most " + MOST + " keys, not " + keys.size());
    }
  }

  /// A use.
  ///
  /// @param namespace the ApiKey's
  /// @param name the ApiKey's
  public record Use(String namespace, String name, Instant at) {
    public Use {
      Require.text("a key's namespace", namespace);
      Require.text("a key's name", name);
    }

    public EntryKey key() {
      return new EntryKey(Kind.API_KEY, namespace, name);
    }
  }
}
