package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.route.Explanation.Rejected;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a caller is told whose request no target can serve: that a price is missing, where one
/// could serve it but for that, and otherwise of each target why.
final class NoTarget {
  private NoTarget() {}

  static GatewayError error(CompiledRoute route, Demand demand) {
    String model = demand.asked().model();
    List<Rejected> all = rejected(route, demand);
    if (all.stream().anyMatch(each -> each.why() == Rejection.UNPRICED)) {
      return GatewayError.inField(
          ErrorCode.MODEL_UNPRICED,
          "model",
          "The model " + model + " has no price, and its policy refuses to serve it without.");
    }
    String reasons = all.stream().map(Rejected::toString).collect(Collectors.joining("; "));
    return GatewayError.inField(
        ErrorCode.NO_SUITABLE_TARGET,
        "model",
        "No target of the model " + model + " can serve this request. " + reasons + ".");
  }

  /// The targets that cannot serve it.
  static List<Rejected> rejected(CompiledRoute route, Demand demand) {
    List<Rejected> rejected = new ArrayList<>();
    for (CompiledTarget target : route.targets()) {
      Rejection why = Filter.reject(route, target, demand);
      if (why != null) {
        rejected.add(new Rejected(target, why));
      }
    }
    return rejected;
  }
}
