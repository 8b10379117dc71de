package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.route.Explanation.Rejected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a caller is told whose request no target can serve: that a price is missing, where one
/// could serve it but for that; when to come again, where one will before long; and otherwise of
/// each target why.
final class NoTarget {
  private NoTarget() {}

  static GatewayError error(CompiledRoute route, Demand demand, long nowNanos) {
    String model = demand.asked().model();
    List<Rejected> all = rejected(route, demand, nowNanos);
    if (all.stream().anyMatch(each -> each.why() == Rejection.UNPRICED)) {
      return GatewayError.inField(
          ErrorCode.MODEL_UNPRICED,
          "model",
          "The model " + model + " has no price, and its policy refuses to serve it without.");
    }
    if (all.stream().anyMatch(each -> each.why().isTemporary())) {
      return atPresent(
          model, all.stream().filter(each -> each.why().isTemporary()).toList(), nowNanos);
    }
    return GatewayError.inField(
        ErrorCode.NO_SUITABLE_TARGET,
        "model",
        "No target of the model " + model + " can serve this request. " + reasons(all) + ".");
  }

  /// What could serve it is left alone for now, and how long the first of them is.
  private static GatewayError atPresent(String model, List<Rejected> apart, long nowNanos) {
    boolean allPaused = apart.stream().allMatch(each -> each.why() == Rejection.PAUSED);
    long soonest =
        apart.stream()
            .mapToLong(each -> each.target().merits().closedNanos(nowNanos))
            .min()
            .orElse(0);
    return GatewayError.retryAfter(
        allPaused ? ErrorCode.PROVIDER_RATE_LIMITED : ErrorCode.PROVIDER_UNAVAILABLE,
        Duration.ofNanos(soonest),
        "No target of the model " + model + " is called at present. " + reasons(apart) + ".");
  }

  private static String reasons(List<Rejected> all) {
    return all.stream().map(Rejected::toString).collect(Collectors.joining("; "));
  }

  /// The targets that cannot serve it.
  static List<Rejected> rejected(CompiledRoute route, Demand demand, long nowNanos) {
    List<Rejected> rejected = new ArrayList<>();
    for (CompiledTarget target : route.targets()) {
      Rejection why = Filter.reject(route, target, demand, nowNanos);
      if (why != null) {
        rejected.add(new Rejected(target, why));
      }
    }
    return rejected;
  }
}
