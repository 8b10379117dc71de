package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.error.GatewayError;
import java.util.Optional;

/// Whether a request goes on. Both say where the caller stands with its tightest limit, if it has
/// one.
public sealed interface Admission {
  Optional<Standing> standing();

  record Granted(Optional<Standing> standing) implements Admission {}

  record Denied(GatewayError error, Optional<Standing> standing) implements Admission {}

  /// @param limit how many requests fit in the window
  /// @param remaining how many are left
  /// @param resetMillis until the window is empty if nothing is asked meanwhile
  record Standing(long limit, long remaining, long resetMillis) {}
}
