package ai.oneflow.gateway.exchange.meter;

import static ai.oneflow.gateway.exchange.meter.Prices.BEGIN;
import static ai.oneflow.gateway.exchange.meter.Prices.THEN;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// What must hold for every price and every usage.
class ChargePropertiesTest {

  @Property
  void isNeverNegative(@ForAll("prices") TokenPrices prices, @ForAll("absurd") Usage usage) {
    assertThat(charge(prices, usage).amount().picoDollars()).isNotNegative();
  }

  @Property
  void nothingCostsNothing(@ForAll("prices") TokenPrices prices) {
    assertThat(charge(prices, Usage.NONE).amount()).isEqualTo(Money.ZERO);
  }

  @Property
  void isAdditive(
      @ForAll("prices") TokenPrices prices,
      @ForAll("sound") Usage one,
      @ForAll("sound") Usage other) {
    assertThat(charge(prices, Usages.sum(one, other)).amount())
        .isEqualTo(charge(prices, one).amount().plus(charge(prices, other).amount()));
  }

  @Property
  void isLinear(
      @ForAll("prices") TokenPrices prices,
      @ForAll("sound") Usage usage,
      @ForAll @IntRange(max = 1_000) int times) {
    assertThat(charge(prices, scaled(usage, times)).amount().picoDollars())
        .isEqualTo(charge(prices, usage).amount().picoDollars() * times);
  }

  @Property
  void moreTokensNeverCostLess(
      @ForAll("prices") TokenPrices prices,
      @ForAll("sound") Usage usage,
      @ForAll("sound") Usage more) {
    assertThat(charge(prices, Usages.sum(usage, more)).amount())
        .isGreaterThanOrEqualTo(charge(prices, usage).amount());
  }

  @Property
  void theOrderOfRequestsDoesNotMatter(
      @ForAll("prices") TokenPrices prices,
      @ForAll @Size(max = 20) List<@net.jqwik.api.From("sound") Usage> usages,
      @ForAll Random random) {
    List<Usage> shuffled = new java.util.ArrayList<>(usages);
    Collections.shuffle(shuffled, random);

    assertThat(total(prices, shuffled)).isEqualTo(total(prices, usages));
  }

  @Property
  void cutPartsNeverCostMoreThanTheDearestPriceForTheWhole(
      @ForAll("prices") TokenPrices prices, @ForAll("contradictory") Usage usage) {
    long dearest = Math.max(dearestInput(prices), dearestOutput(prices));

    assertThat(charge(prices, usage).amount().picoDollars())
        .isLessThanOrEqualTo((usage.inputTokens() + usage.outputTokens()) * dearest);
  }

  @Provide
  Arbitrary<TokenPrices> prices() {
    Arbitrary<Long> price = Arbitraries.longs().between(0, 200_000_000);
    return price.array(long[].class).ofSize(8).map(ChargePropertiesTest::prices);
  }

  @Provide
  Arbitrary<Usage> sound() {
    Arbitrary<Long> part = Arbitraries.longs().between(0, 100_000);
    return part.array(long[].class)
        .ofSize(8)
        .map(
            p ->
                new Usage(
                    p[0] + p[1] + p[2] + p[3] + p[4],
                    p[1],
                    p[2],
                    p[3],
                    p[4],
                    p[5] + p[6] + p[7],
                    p[6],
                    p[7]));
  }

  @Provide
  Arbitrary<Usage> contradictory() {
    return Arbitraries.longs().between(0, 100_000).array(long[].class).ofSize(8).map(this::usage);
  }

  @Provide
  Arbitrary<Usage> absurd() {
    Arbitrary<long[]> tokens =
        Arbitraries.longs().between(0, Long.MAX_VALUE).array(long[].class).ofSize(8);
    return Combinators.combine(tokens, Arbitraries.of(0, 20, 40, 62))
        .as((t, shift) -> usage(java.util.Arrays.stream(t).map(v -> v >> shift).toArray()));
  }

  private Usage usage(long[] t) {
    return new Usage(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7]);
  }

  private static TokenPrices prices(long[] p) {
    return new TokenPrices(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]);
  }

  private static Charge charge(TokenPrices prices, Usage usage) {
    return PriceBook.of(List.of(Prices.list("v1", BEGIN, prices))).charge(usage, THEN);
  }

  private static Money total(TokenPrices prices, List<Usage> usages) {
    return usages.stream()
        .map(usage -> charge(prices, usage).amount())
        .reduce(Money.ZERO, Money::plus);
  }

  private static Usage scaled(Usage usage, int times) {
    return new Usage(
        usage.inputTokens() * times,
        usage.cachedInputTokens() * times,
        usage.cacheWrite5mTokens() * times,
        usage.cacheWrite1hTokens() * times,
        usage.audioInputTokens() * times,
        usage.outputTokens() * times,
        usage.reasoningTokens() * times,
        usage.audioOutputTokens() * times);
  }

  private static long dearestInput(TokenPrices prices) {
    long cache = Math.max(prices.cacheWrite5m(), prices.cacheWrite1h());
    return Math.max(
        Math.max(prices.input(), prices.cachedInput()), Math.max(cache, prices.audioInput()));
  }

  private static long dearestOutput(TokenPrices prices) {
    return Math.max(prices.output(), Math.max(prices.reasoning(), prices.audioOutput()));
  }
}
