package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.Tier;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All price lists of one model of a provider, compiled once for each configuration. The newest
/// list that has begun is in force.
///
/// Immutable; made for the event loop: a look-up walks an array from its end, and pricing
/// allocates the charge alone. An ordinary request's price is exact, but for sound: the price of a
/// part of a second is rounded up to a whole pico-dollar once a request. A batch request costs a
/// percentage, which is rounded up likewise.
public final class PriceBook {
  private static final int PERCENT = 100;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final PriceList[] lists;
  private final long[] beginMillis;

  /// Of each list: whether it sells images, characters or seconds, and neither tokens nor requests.
  private final boolean[] unitsAlone;

  /// Of each list: those of its plain prices, then those of its tiers.
  private final Rates[][] rates;

  private PriceBook(PriceList[] lists) {
    this.lists = lists;
    this.beginMillis = new long[lists.length];
    this.unitsAlone = new boolean[lists.length];
    this.rates = new Rates[lists.length][];
    for (int i = 0; i < lists.length; i++) {
      beginMillis[i] = firstMilliAtOrAfter(lists[i].validFrom());
      unitsAlone[i] = hasUnitsAlone(lists[i]);
      rates[i] = rates(lists[i]);
    }
  }

  private static boolean hasUnitsAlone(PriceList list) {
    UnitPrices units = list.units();
    boolean others = (units.perImage() | units.perCharacter() | units.perSecond()) > 0;
    boolean tokens =
        Stream.concat(Stream.of(list.tokens()), list.tiers().stream().map(Tier::tokens))
            .anyMatch(prices -> dearestInput(prices) > 0 || dearestOutput(prices) > 0);
    return others && !tokens && units.perRequest() == 0;
  }

  private static Rates[] rates(PriceList list) {
    Stream<TokenPrices> tiers = list.tiers().stream().map(Tier::tokens);
    return Stream.concat(Stream.of(list.tokens()), tiers)
        .map(
            prices ->
                new Rates(
                    list.version(), list.units().perRequest(), prices.input(), prices.output()))
        .toArray(Rates[]::new);
  }

  /// Compiles a model's lists.
  ///
  /// @param prices in order of `validFrom`, as in a model's entry; empty: the model is unpriced
  public static PriceBook of(List<PriceList> prices) {
    for (int i = 1; i < prices.size(); i++) {
      if (prices.get(i).validFrom().isBefore(prices.get(i - 1).validFrom())) {
        throw new IllegalArgumentException("price lists must be in order of validFrom: " + prices);
      }
    }
    return new PriceBook(prices.toArray(PriceList[]::new));
  }

  /// Whether a list is in force at this moment that prices tokens or requests, at nothing perhaps:
  /// what a policy's `unpriced` decides by, before the provider is called. All that is served is
  /// counted in tokens; a list of other units alone prices none of it.
  public boolean isPricedAt(long epochMillis) {
    int place = placeAt(epochMillis);
    return place >= 0 && !unitsAlone[place];
  }

  /// By what a request is charged whose gateway dies before it ends. Allocates nothing.
  ///
  /// @param inputTokens by which the tier is chosen
  public Rates rates(long inputTokens, long startMillis) {
    int place = placeAt(startMillis);
    if (place < 0 || unitsAlone[place]) {
      return Rates.UNPRICED;
    }
    Rates[] ofList = rates[place];
    return ofList.length == 1 ? ofList[0] : ofList[1 + tier(lists[place], inputTokens)];
  }

  /// Prices a request.
  ///
  /// @param startMillis when the request began: a price change never meets a request on its way
  public Charge charge(Usage usage, long startMillis) {
    return charge(usage, startMillis, PERCENT);
  }

  /// Prices a request that was sent through the provider's batch API.
  public Charge chargeBatch(Usage usage, long startMillis) {
    PriceList list = listAt(startMillis);
    return charge(usage, startMillis, list == null ? PERCENT : list.batchPercent());
  }

  private Charge charge(Usage usage, long startMillis, int percent) {
    int place = placeAt(startMillis);
    if (place < 0 || (unitsAlone[place] && !usage.hasUnits())) {
      return Charge.Unpriced.INSTANCE;
    }
    PriceList list = lists[place];
    try {
      Money amount = new Money(percentOf(percent, fullPrice(usage, list)));
      return TokenCost.partsFit(usage)
          ? new Charge.Priced(amount, list.version())
          : new Charge.Clamped(amount, list.version());
    } catch (ArithmeticException tooLarge) {
      return new Charge.Overflowed(list.version());
    }
  }

  private static long fullPrice(Usage usage, PriceList list) {
    TokenPrices prices = tokenPrices(list, usage.inputTokens());
    long tokens = Math.addExact(TokenCost.of(usage, prices), list.units().perRequest());
    return usage.hasUnits() ? Math.addExact(tokens, UnitCost.of(usage, list.units())) : tokens;
  }

  private static TokenPrices tokenPrices(PriceList list, long inputTokens) {
    int tier = tier(list, inputTokens);
    return tier < 0 ? list.tokens() : list.tiers().get(tier).tokens();
  }

  /// The number of the tier that so long a prompt falls into; -1 where it falls into none.
  private static int tier(PriceList list, long inputTokens) {
    List<Tier> tiers = list.tiers();
    int tier = tiers.size() - 1;
    while (tier >= 0 && inputTokens <= tiers.get(tier).aboveInputTokens()) {
      tier--;
    }
    return tier;
  }

  /// Divides before it multiplies, so that no price overflows that fitted.
  private static long percentOf(int percent, long amount) {
    if (percent == PERCENT) {
      return amount;
    }
    long rest = amount % PERCENT * percent;
    return amount / PERCENT * percent + Math.ceilDiv(rest, PERCENT);
  }

  /// The most that a request with so many tokens can cost, whichever of its prices apply: those of
  /// any kind of token, and of any tier that so long an input may reach. An amount that does not
  /// fit 64 bits is the largest.
  public long ceiling(long inputTokens, long outputTokens, long startMillis) {
    PriceList list = listAt(startMillis);
    if (list == null) {
      return 0;
    }
    long input = dearestInput(list.tokens());
    long output = dearestOutput(list.tokens());
    for (Tier tier : list.tiers()) {
      if (inputTokens > tier.aboveInputTokens()) {
        input = Math.max(input, dearestInput(tier.tokens()));
        output = Math.max(output, dearestOutput(tier.tokens()));
      }
    }
    try {
      return Math.addExact(
          Math.addExact(
              Math.multiplyExact(inputTokens, input), Math.multiplyExact(outputTokens, output)),
          list.units().perRequest());
    } catch (ArithmeticException tooLarge) {
      return Long.MAX_VALUE;
    }
  }

  private static long dearestInput(TokenPrices prices) {
    return Math.max(
        Math.max(prices.input(), prices.cachedInput()),
        Math.max(Math.max(prices.cacheWrite5m(), prices.cacheWrite1h()), prices.audioInput()));
  }

  private static long dearestOutput(TokenPrices prices) {
    return Math.max(prices.output(), Math.max(prices.reasoning(), prices.audioOutput()));
  }

  private @Nullable PriceList listAt(long epochMillis) {
    int place = placeAt(epochMillis);
    return place < 0 ? null : lists[place];
  }

  /// The place of the list that is in force then; -1 where none is.
  private int placeAt(long epochMillis) {
    int place = lists.length - 1;
    while (place >= 0 && beginMillis[place] > epochMillis) {
      place--;
    }
    return place;
  }

  private static long firstMilliAtOrAfter(Instant instant) {
    if (instant.getEpochSecond() < Instant.EPOCH.getEpochSecond()) {
      return 0;
    }
    long upToAMilli = NANOS_PER_MILLI - 1;
    try {
      return instant.plusNanos(upToAMilli).toEpochMilli();
    } catch (ArithmeticException | DateTimeException never) {
      return Long.MAX_VALUE;
    }
  }
}
