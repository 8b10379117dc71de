package ai.oneflow.gateway.exchange.authenticate;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.error.GatewayError;

/// Who calls, or why nobody may.
public sealed interface Authentication {
  record Known(CompiledKey key) implements Authentication {}

  record Refused(GatewayError error) implements Authentication {}
}
