package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.config.ModelPatterns;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.RouteEntry;

/// Chooses the target of a request that the key may make: of those with a price (or whose policy
/// serves without one), the first in the order of priority and weight. Stateless.
public final class Router {
  private Router() {}

  public static Routing route(
      CompiledConfiguration configuration, ModelPatterns permitted, String model, long nowMillis) {
    if (!permitted.permit(model)) {
      return new Routing.Refused(
          GatewayError.inField(
              ErrorCode.MODEL_NOT_PERMITTED,
              "model",
              "This API key may not use the model " + model + "."));
    }
    CompiledRoute route = configuration.routes().get(model);
    if (route == null) {
      return new Routing.Refused(unknown(model));
    }
    for (CompiledTarget target : route.targets()) {
      if (route.unpriced() == RouteEntry.Unpriced.ALLOW_UNBILLED || target.isPricedAt(nowMillis)) {
        return new Routing.Chosen(target, inForce(route), route.readsOn());
      }
    }
    return new Routing.Refused(
        GatewayError.inField(
            ErrorCode.MODEL_UNPRICED,
            "model",
            "The model " + model + " has no price, and its policy refuses to serve it without."));
  }

  /// One target is the choice of every strategy. Of several the order alone is looked at, whatever
  /// the policy asks for, and the caller is not told otherwise.
  private static RouteEntry.Strategy inForce(CompiledRoute route) {
    return route.targets().size() == 1 ? route.strategy() : RouteEntry.Strategy.PRIORITY;
  }

  /// That nobody serves a model of this name, in OpenAI's words.
  public static GatewayError unknown(String model) {
    return GatewayError.inField(
        ErrorCode.MODEL_NOT_FOUND,
        "model",
        "The model `" + model + "` does not exist or you do not have access to it.");
  }
}
