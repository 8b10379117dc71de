package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.RouteEntry;
import java.util.List;

/// Where a request goes.
public sealed interface Routing {

  /// @param targets all that can serve it, the first choice first; at least one, and at most
  ///     [RouteEntry#MOST_TARGETS]
  /// @param strategy by which they were put in order
  record Chosen(CompiledRoute route, List<CompiledTarget> targets, RouteEntry.Strategy strategy)
      implements Routing {
    public CompiledTarget target() {
      return targets.getFirst();
    }

    /// Whether the answer is read on where the caller leaves.
    public boolean readsOn() {
      return route.readsOn();
    }
  }

  record Refused(GatewayError error) implements Routing {}
}
