package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.RouteEntry;

/// Where a request goes.
public sealed interface Routing {

  /// @param strategy by which the target was chosen
  record Chosen(CompiledTarget target, RouteEntry.Strategy strategy) implements Routing {}

  record Refused(GatewayError error) implements Routing {}
}
