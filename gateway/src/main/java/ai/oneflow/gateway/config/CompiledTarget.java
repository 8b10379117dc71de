package ai.oneflow.gateway.config;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.tokens.ModelTokens;
import ai.oneflow.gateway.exchange.meter.PriceBook;
import ai.oneflow.gateway.ledger.Destination;
import java.util.Map;
import java.util.Objects;

/// A model of a provider, reached under one public name.
///
/// @param tokens how many a request can use at most
/// @param ways by surface: what the ledger, the metrics and the provider are told
public record CompiledTarget(
    CompiledProvider provider,
    String publicModel,
    String upstreamModel,
    PriceBook prices,
    ModelTokens tokens,
    Map<Surface, Destination> ways) {
  /// Where it leads, but for the surface.
  Destination anyWay() {
    return Objects.requireNonNull(ways.get(Surface.CHAT_COMPLETIONS));
  }

  /// Whether a request that began then has a price.
  public boolean isPricedAt(long millis) {
    return prices.isPricedAt(millis);
  }

  /// What a request costs at most, in pico-dollars; 0 where there is no price.
  public long ceiling(long inputTokens, long outputTokens, long startMillis) {
    return prices.ceiling(inputTokens, outputTokens, startMillis);
  }
}
