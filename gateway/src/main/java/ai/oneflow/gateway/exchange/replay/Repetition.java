package ai.oneflow.gateway.exchange.replay;

import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.AnswerTap;
import ai.oneflow.gateway.idempotency.StoredAnswer;
import java.util.Locale;

/// Whether a request that its caller gave a name is one that was made before.
public sealed interface Repetition {

  /// It is not: it goes on.
  ///
  /// @param recorder hears its answer, and holds its name until then
  record First(AnswerTap recorder) implements Repetition {}

  /// It was answered, with this.
  record Again(StoredAnswer answer) implements Repetition {}

  record Refused(GatewayError error) implements Repetition {}

  /// What it came to, for metrics.
  enum Result {
    FIRST,
    REPLAYED,
    REFUSED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
      return label;
    }
  }

  default Result result() {
    return switch (this) {
      case First(_) -> Result.FIRST;
      case Again(_) -> Result.REPLAYED;
      case Refused(_) -> Result.REFUSED;
    };
  }
}
