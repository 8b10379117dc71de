package ai.oneflow.snapshot;

import java.util.List;

/// All credentials that providers refuse a gateway since they took the place of others, which it
/// keeps meanwhile. A stream begins with none; a message counts until the next one. It needs no
/// answer.
///
/// Sent only to an operator that names it in [PushService#TAKES].
///
/// @param credentials at most [#MOST]
public record RefusedCredentials(List<Refused> credentials) implements FromGateway {
  /// So many fit into a message with ease, however long their names are.
  public static final int MOST = 500;

  public RefusedCredentials {
    credentials = List.copyOf(credentials);
    if (credentials.size() > MOST) {
      throw new IllegalArgumentException(
          "a message has at most " + MOST + " credentials, not " + credentials.size());
    }
  }

  /// One of them.
  ///
  /// @param namespace the LLMProvider's
  /// @param provider the LLMProvider's name
  /// @param place among the credentials of the provider's entry, from 0 on
  /// @param formerServes whether the provider still takes the one before it
  public record Refused(String namespace, String provider, int place, boolean formerServes) {
    public Refused {
      Require.text("a provider's namespace", namespace);
      Require.text("a provider's name", provider);
      Require.atLeast("place", 0, place);
    }

    public EntryKey key() {
      return new EntryKey(Kind.LLM_PROVIDER, namespace, provider);
    }
  }
}
