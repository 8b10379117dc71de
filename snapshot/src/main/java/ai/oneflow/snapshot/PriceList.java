package ai.oneflow.snapshot;

import java.time.Instant;
import java.util.List;

/// What a model costs from a moment on. All amounts are whole pico-dollars (10⁻¹² USD) for one
/// unit; a price in US dollars per million tokens with at most six decimals is a whole number of
/// pico-dollars per token.
///
/// A price that the resource leaves out is resolved before it comes here: cached and cache-write
/// tokens cost what input costs, reasoning costs what output costs, audio costs what text costs,
/// and everything counted by another unit costs nothing.
///
/// @param version short hash of the list's content: what a charge names
/// @param batchPercent what a batch request costs, in percent of these prices, 0 to 100
/// @param tiers prices for long contexts, ordered by `aboveInputTokens`, ascending
public record PriceList(
    String version,
    Instant validFrom,
    TokenPrices tokens,
    UnitPrices units,
    int batchPercent,
    List<Tier> tiers) {

  public PriceList {
    Require.text("a price list's version", version);
    Require.within("batchPercent", 0, 100, batchPercent);
    tiers = List.copyOf(tiers);
    for (int i = 1; i < tiers.size(); i++) {
      if (tiers.get(i - 1).aboveInputTokens() >= tiers.get(i).aboveInputTokens()) {
        throw new IllegalArgumentException("tiers must ascend by aboveInputTokens: " + tiers);
      }
    }
  }

  /// Pico-dollars a token.
  public record TokenPrices(
      long input,
      long cachedInput,
      long cacheWrite5m,
      long cacheWrite1h,
      long output,
      long reasoning,
      long audioInput,
      long audioOutput) {

    public TokenPrices {
      Require.atLeast("input", 0, input);
      Require.atLeast("cachedInput", 0, cachedInput);
      Require.atLeast("cacheWrite5m", 0, cacheWrite5m);
      Require.atLeast("cacheWrite1h", 0, cacheWrite1h);
      Require.atLeast("output", 0, output);
      Require.atLeast("reasoning", 0, reasoning);
      Require.atLeast("audioInput", 0, audioInput);
      Require.atLeast("audioOutput", 0, audioOutput);
    }
  }

  /// Pico-dollars for a request, an image, a character and a second.
  public record UnitPrices(long perRequest, long perImage, long perCharacter, long perSecond) {
    public UnitPrices {
      Require.atLeast("perRequest", 0, perRequest);
      Require.atLeast("perImage", 0, perImage);
      Require.atLeast("perCharacter", 0, perCharacter);
      Require.atLeast("perSecond", 0, perSecond);
    }
  }

  /// The prices of every token of a request whose input is longer than `aboveInputTokens`.
  public record Tier(long aboveInputTokens, TokenPrices tokens) {
    public Tier {
      Require.atLeast("aboveInputTokens", 1, aboveInputTokens);
    }
  }
}
