package ai.oneflow.snapshot;

import java.util.List;

/// How the breakers of a gateway stand, as far as that has changed since it last said so on this
/// stream. A stream begins with all of them closed; its first such message says that the gateway
/// tells of breakers at all, and may be empty. It needs no answer.
///
/// Sent only to an operator that names it in [PushService#TAKES].
///
/// @param breakers at most [#MOST]
public record BreakerStates(List<Breaker> breakers) implements FromGateway {
  /// So many fit into a message with ease, however long their names are.
  public static final int MOST = 500;

  public BreakerStates {
    breakers = List.copyOf(breakers);
    if (breakers.size() > MOST) {
      throw new IllegalArgumentException(
          "a message has at most " + MOST + " breakers, not " + breakers.size());
    }
  }

  /// The breaker of one model of a provider.
  ///
  /// @param namespace the LLMProvider's
  /// @param provider the LLMProvider's name
  /// @param model as the provider calls it
  public record Breaker(String namespace, String provider, String model, State state) {
    public Breaker {
      Require.text("a provider's namespace", namespace);
      Require.text("a provider's name", provider);
      Require.text("a model's name", model);
    }

    public EntryKey key() {
      return new EntryKey(Kind.LLM_PROVIDER, namespace, provider);
    }
  }

  /// Whether calls are let through, in order of urgency: none, a probe, all.
  public enum State {
    OPEN,
    HALF_OPEN,
    CLOSED
  }
}
