package ai.oneflow.snapshot;

import java.time.Duration;
import java.util.List;

/// A model of a provider.
///
/// @param name as the provider calls it
/// @param prices in order of `validFrom`; empty means *unpriced*, which is a state of its own
/// @param quality declared, 0 to 100
/// @param latencyPrior what to expect until there are measurements
public record ModelEntry(
    String name,
    List<PriceList> prices,
    Capabilities capabilities,
    int quality,
    Duration latencyPrior) {

  public ModelEntry {
    Require.text("a model's name", name);
    prices = List.copyOf(prices);
    Require.within("quality", 0, 100, quality);
  }

  /// What the model can do.
  ///
  /// @param contextWindow tokens of input and output together, 0 where nobody said
  /// @param maxOutputTokens 0 where nobody said
  public record Capabilities(
      long contextWindow, long maxOutputTokens, boolean tools, boolean vision, boolean jsonSchema) {
    public Capabilities {
      Require.atLeast("contextWindow", 0, contextWindow);
      Require.atLeast("maxOutputTokens", 0, maxOutputTokens);
    }
  }
}
