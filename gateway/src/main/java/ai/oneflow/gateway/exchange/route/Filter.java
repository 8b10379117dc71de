package ai.oneflow.gateway.exchange.route;

import ai.oneflow.gateway.config.CompiledRoute;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.snapshot.ModelEntry.Capabilities;
import ai.oneflow.snapshot.RouteEntry.Requirements;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import org.jspecify.annotations.Nullable;

/// What a target must meet to be a candidate, whatever its score would be. Stateless.
final class Filter {
  private Filter() {}

  /// Why the target cannot serve the request; null where it can.
  static @Nullable Rejection reject(
      CompiledRoute route, CompiledTarget target, Demand demand, long nowNanos) {
    if (!demand.pinned().permits(target.provider().label())) {
      return Rejection.NOT_PINNED;
    }
    Rejection unable = unable(target, demand);
    if (unable != null) {
      return unable;
    }
    Rejection barred = barred(route, target, demand);
    return barred == null ? leftAlone(target, nowNanos) : barred;
  }

  private static @Nullable Rejection leftAlone(CompiledTarget target, long nowNanos) {
    CompiledTarget.Merits merits = target.merits();
    if (merits.health().openNanos() > 0) {
      return Rejection.BREAKER_OPEN;
    }
    return merits.pausedNanos(nowNanos) > 0 ? Rejection.PAUSED : null;
  }

  private static @Nullable Rejection unable(CompiledTarget target, Demand demand) {
    Capabilities able = target.merits().capabilities();
    Needs needs = demand.needs();
    if (needs.tools() && !able.tools()) {
      return Rejection.TOOLS;
    }
    if (needs.vision() && !able.vision()) {
      return Rejection.VISION;
    }
    if (needs.jsonSchema() && !able.jsonSchema()) {
      return Rejection.JSON_SCHEMA;
    }
    boolean tooLong = able.contextWindow() > 0 && demand.inputTokens(target) > able.contextWindow();
    return tooLong ? Rejection.CONTEXT_WINDOW : null;
  }

  private static @Nullable Rejection barred(
      CompiledRoute route, CompiledTarget target, Demand demand) {
    if (route.selection().unpriced() == Unpriced.REFUSE
        && !target.isPricedAt(demand.startMillis())) {
      return Rejection.UNPRICED;
    }
    Requirements require = route.selection().require();
    if (target.merits().quality() < require.minQuality()) {
      return Rejection.QUALITY;
    }
    if (!require.regions().isEmpty()
        && !require.regions().contains(target.provider().entry().region())) {
      return Rejection.REGION;
    }
    boolean tooDear =
        require.mostPicoDollars().isPresent()
            && demand.cost(target) > require.mostPicoDollars().getAsLong();
    return tooDear ? Rejection.COST : null;
  }
}
