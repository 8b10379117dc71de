package ai.oneflow.gateway.config;

import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.tokens.ModelTokens;
import ai.oneflow.gateway.exchange.meter.PriceBook;
import ai.oneflow.gateway.health.CredentialPool;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.snapshot.ModelEntry.Capabilities;
import java.util.Map;
import java.util.Objects;

/// A model of a provider, reached under one public name.
///
/// @param tokens how many a request can use at most
/// @param ways by surface: what the ledger, the metrics and the provider are told
/// @param merits what it is chosen by, beside its price
public record CompiledTarget(
    CompiledProvider provider,
    String publicModel,
    String upstreamModel,
    PriceBook prices,
    ModelTokens tokens,
    Map<Surface, Destination> ways,
    Merits merits) {

  /// What a target is chosen by.
  ///
  /// @param quality declared, 0 to 100
  /// @param weight share of the traffic under `Weighted`
  /// @param priority lower is tried first under `Priority`
  /// @param seed the same for the same target in every gateway
  /// @param pool the provider's credentials
  public record Merits(
      Capabilities capabilities,
      int quality,
      int weight,
      int priority,
      long seed,
      TargetHealth health,
      CredentialPool pool) {

    /// How long the provider still wants to be left alone, with each credential there is, in
    /// nanoseconds; 0 where it does not.
    public long pausedNanos(long nowNanos) {
      return Math.max(health.pausedNanos(nowNanos), pool.closedNanos(nowNanos));
    }

    /// How long it is certain not to be called, in nanoseconds.
    public long closedNanos(long nowNanos) {
      return Math.max(health.openNanos(), pausedNanos(nowNanos));
    }
  }

  /// Where it leads, but for the surface.
  Destination anyWay() {
    return Objects.requireNonNull(ways.get(Surface.CHAT_COMPLETIONS));
  }

  /// Whether a request that began then has a price.
  public boolean isPricedAt(long millis) {
    return prices.isPricedAt(millis);
  }

  /// What a request of so many tokens costs by the list that bills, in pico-dollars; 0 where there
  /// is no price.
  public double cost(long inputTokens, long outputTokens, long startMillis) {
    Rates rates = prices.rates(inputTokens, startMillis);
    return rates.perRequest()
        + (double) rates.perInputToken() * inputTokens
        + (double) rates.perOutputToken() * outputTokens;
  }

  /// What a request costs at most, in pico-dollars; 0 where there is no price.
  public long ceiling(long inputTokens, long outputTokens, long startMillis) {
    return prices.ceiling(inputTokens, outputTokens, startMillis);
  }
}
