package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.RouteEntry;

/// Where a request goes.
public sealed interface Routing {

  /// @param strategy by which the target was chosen
  /// @param readsOn whether the answer is read on where the caller leaves
  record Chosen(CompiledTarget target, RouteEntry.Strategy strategy, boolean readsOn)
      implements Routing {}

  record Refused(GatewayError error) implements Routing {}
}
