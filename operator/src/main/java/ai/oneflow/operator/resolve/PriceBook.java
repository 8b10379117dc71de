package ai.oneflow.operator.resolve;

import ai.oneflow.api.v1alpha1.Prices;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.SnapshotCodec;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns decimal US dollars into whole pico-dollars, exactly or not at all, and fills in the prices
/// that follow from others.
final class PriceBook {
  /// A price for a million tokens, in pico-dollars for one token.
  private static final int PER_MILLION = 12 - 6;

  private static final int PER_UNIT = 12;
  private static final int PER_THOUSAND = 12 - 3;

  private PriceBook() {}

  /// All lists of a model, in order of `validFrom`.
  ///
  /// @throws IllegalArgumentException where a price is no whole number of pico-dollars
  static List<PriceList> of(List<Prices> prices) {
    List<PriceList> lists =
        prices.stream()
            .map(PriceBook::of)
            .sorted(Comparator.comparing(PriceList::validFrom))
            .toList();
    for (int i = 1; i < lists.size(); i++) {
      if (lists.get(i).validFrom().equals(lists.get(i - 1).validFrom())) {
        throw new IllegalArgumentException(
            "two price lists begin at " + lists.get(i).validFrom() + "; leave one of them");
      }
    }
    return lists;
  }

  static PriceList of(Prices prices) {
    PriceList unnamed = named("-", prices);
    return named(SnapshotCodec.versionOf(unnamed), prices);
  }

  private static PriceList named(String version, Prices prices) {
    return new PriceList(
        version,
        prices.validFrom(),
        tokens(Raw.of(prices)),
        new PriceList.UnitPrices(
            pico("perRequest", prices.perRequest(), PER_UNIT),
            pico("perImage", prices.perImage(), PER_UNIT),
            pico("per1kCharacters", prices.per1kCharacters(), PER_THOUSAND),
            pico("perSecond", prices.perSecond(), PER_UNIT)),
        prices.batchPercent(),
        prices.tiers().stream()
            .sorted(Comparator.comparing(Prices.Tier::aboveInputTokens))
            .map(
                tier ->
                    new PriceList.Tier(tier.aboveInputTokens(), tokens(Raw.of(tier).or(prices))))
            .toList());
  }

  private static PriceList.TokenPrices tokens(Raw raw) {
    long input = pico("input", raw.input, PER_MILLION);
    long output = pico("output", raw.output, PER_MILLION);
    return new PriceList.TokenPrices(
        input,
        picoOr("cachedInput", raw.cachedInput, input),
        picoOr("cacheWrite5m", raw.cacheWrite5m, input),
        picoOr("cacheWrite1h", raw.cacheWrite1h, input),
        output,
        picoOr("reasoning", raw.reasoning, output),
        picoOr("audioInput", raw.audioInput, input),
        picoOr("audioOutput", raw.audioOutput, output));
  }

  private static long picoOr(String what, @Nullable BigDecimal price, long fallback) {
    return price == null ? fallback : pico(what, price, PER_MILLION);
  }

  private static long pico(String what, @Nullable BigDecimal dollars, int zeros) {
    if (dollars == null) {
      return 0;
    }
    try {
      return dollars.scaleByPowerOfTen(zeros).longValueExact();
    } catch (ArithmeticException _) {
      throw new IllegalArgumentException(
          what
              + " "
              + dollars.toPlainString()
              + " is no whole number of pico-dollars that fits 63 bits; write fewer digits");
    }
  }

  /// Token prices as written: those of a tier fall back to those of the list around it before they
  /// follow from others.
  private record Raw(
      @Nullable BigDecimal input,
      @Nullable BigDecimal cachedInput,
      @Nullable BigDecimal cacheWrite5m,
      @Nullable BigDecimal cacheWrite1h,
      @Nullable BigDecimal output,
      @Nullable BigDecimal reasoning,
      @Nullable BigDecimal audioInput,
      @Nullable BigDecimal audioOutput) {

    static Raw of(Prices p) {
      return new Raw(
          p.input(),
          p.cachedInput(),
          p.cacheWrite5m(),
          p.cacheWrite1h(),
          p.output(),
          p.reasoning(),
          p.audioInput(),
          p.audioOutput());
    }

    static Raw of(Prices.Tier t) {
      return new Raw(
          t.input(),
          t.cachedInput(),
          t.cacheWrite5m(),
          t.cacheWrite1h(),
          t.output(),
          t.reasoning(),
          t.audioInput(),
          t.audioOutput());
    }

    Raw or(Prices list) {
      return new Raw(
          first(input, list.input()),
          first(cachedInput, list.cachedInput()),
          first(cacheWrite5m, list.cacheWrite5m()),
          first(cacheWrite1h, list.cacheWrite1h()),
          first(output, list.output()),
          first(reasoning, list.reasoning()),
          first(audioInput, list.audioInput()),
          first(audioOutput, list.audioOutput()));
    }

    private static @Nullable BigDecimal first(
        @Nullable BigDecimal own, @Nullable BigDecimal other) {
      return own == null ? other : own;
    }
  }
}
