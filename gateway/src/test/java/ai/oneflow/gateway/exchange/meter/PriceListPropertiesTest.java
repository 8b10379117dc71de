package ai.oneflow.gateway.exchange.meter;

import static ai.oneflow.gateway.exchange.meter.Prices.BEGIN;
import static ai.oneflow.gateway.exchange.meter.Prices.THEN;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.Tier;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/// What must hold for every whole price list: tiers, units, requests and batches.
class PriceListPropertiesTest {
  private static final long DEAREST = 200_000_000;
  private static final Duration BETWEEN_LISTS = Duration.ofDays(30);

  @Property
  void isNeverNegativeWhateverIsUsed(
      @ForAll("lists") PriceList list, @ForAll("absurd") Usage usage) {
    PriceBook book = PriceBook.of(List.of(list));

    assertThat(book.charge(usage, THEN).amount().picoDollars()).isNotNegative();
    assertThat(book.chargeBatch(usage, THEN).amount().picoDollars()).isNotNegative();
  }

  @Property
  void moreOfAnythingNeverCostsLessWhereLongPromptsAreDearer(
      @ForAll("lists") PriceList list, @ForAll("sound") Usage usage, @ForAll("sound") Usage more) {
    PriceBook book = PriceBook.of(List.of(withDearerTiers(list)));
    Usage both = Usages.sum(usage, more);

    assertThat(book.charge(both, THEN).amount())
        .isGreaterThanOrEqualTo(book.charge(usage, THEN).amount());
    assertThat(book.chargeBatch(both, THEN).amount())
        .isGreaterThanOrEqualTo(book.chargeBatch(usage, THEN).amount());
  }

  @Property
  void noRequestCostsMoreThanWasHeldForItsTokens(
      @ForAll("lists") PriceList list,
      @ForAll("tokens") Usage usage,
      @ForAll @IntRange(max = 50_000) int moreInput,
      @ForAll @IntRange(max = 50_000) int moreOutput) {
    PriceBook book = PriceBook.of(List.of(list));
    long held =
        book.ceiling(usage.inputTokens() + moreInput, usage.outputTokens() + moreOutput, THEN);

    assertThat(book.charge(usage, THEN).amount().picoDollars()).isLessThanOrEqualTo(held);
    assertThat(book.chargeBatch(usage, THEN).amount().picoDollars()).isLessThanOrEqualTo(held);
  }

  @Property
  void aBatchCostsItsPercentageAndLessThanAPicoDollarMore(
      @ForAll("lists") PriceList list, @ForAll("sound") Usage usage) {
    PriceBook book = PriceBook.of(List.of(list));
    long full = book.charge(usage, THEN).amount().picoDollars() * list.batchPercent();
    long batch = book.chargeBatch(usage, THEN).amount().picoDollars() * 100;

    assertThat(batch - full).isBetween(0L, 99L);
  }

  @Property
  void everyTokenCostsWhatTheTierOfTheWholePromptSays(
      @ForAll("lists") PriceList list, @ForAll("sound") Usage usage) {
    TokenPrices prices = list.tokens();
    for (Tier tier : list.tiers()) {
      prices = usage.inputTokens() > tier.aboveInputTokens() ? tier.tokens() : prices;
    }
    PriceList plain = with(list, prices, list.units(), List.of());

    assertThat(charge(list, usage)).isEqualTo(charge(plain, usage));
  }

  @Property
  void aTierBeginsWithTheFirstTokenAboveItsBound(
      @ForAll("lists") PriceList list, @ForAll("sound") Usage some) {
    Usage usage = Usages.sum(some, Prices.tokens(2, 0));
    TokenPrices other = sum(list.tokens(), Prices.text(1, 1));
    Tier before = new Tier(usage.inputTokens(), other);
    Tier behind = new Tier(usage.inputTokens() - 1, other);

    assertThat(charge(with(list, list.tokens(), list.units(), List.of(before)), usage))
        .isEqualTo(charge(with(list, list.tokens(), list.units(), List.of()), usage));
    assertThat(charge(with(list, list.tokens(), list.units(), List.of(behind)), usage))
        .isEqualTo(charge(with(list, other, list.units(), List.of()), usage));
  }

  @Property
  void aRequestsOwnPriceIsChargedOnceWhateverItUsed(
      @ForAll("lists") PriceList list, @ForAll("sound") Usage usage) {
    UnitPrices units = list.units();
    UnitPrices free = new UnitPrices(0, units.perImage(), units.perCharacter(), units.perSecond());

    assertThat(charge(list, usage))
        .isEqualTo(
            charge(with(list, list.tokens(), free, list.tiers()), usage) + units.perRequest());
  }

  @Property
  void unitsAddUpAndPartsOfSecondsAreRoundedUpOnce(
      @ForAll("lists") PriceList list, @ForAll("sound") Usage usage) {
    UnitPrices units = list.units();
    long exact =
        1_000 * (usage.images() * units.perImage() + usage.characters() * units.perCharacter())
            + usage.audioMillis() * units.perSecond();
    PriceList withoutTokens = with(list, Prices.text(0, 0), units, List.of());

    long charged = charge(withoutTokens, usage) - units.perRequest();

    assertThat(1_000 * charged - exact).isBetween(0L, 999L);
  }

  @Property
  void onlyTheListInForceCounts(
      @ForAll @Size(min = 1, max = 5) List<@net.jqwik.api.From("lists") PriceList> lists,
      @ForAll("sound") Usage usage,
      @ForAll @IntRange(max = 4) int at) {
    List<PriceList> dated = new ArrayList<>();
    for (PriceList list : lists) {
      dated.add(
          new PriceList(
              "v" + dated.size(),
              BEGIN.plus(BETWEEN_LISTS.multipliedBy(dated.size())),
              list.tokens(),
              list.units(),
              list.batchPercent(),
              list.tiers()));
    }
    PriceList inForce = dated.get(Math.min(at, dated.size() - 1));
    long when = BEGIN.plus(BETWEEN_LISTS.multipliedBy(at)).toEpochMilli();
    PriceBook book = PriceBook.of(dated);

    assertThat(book.charge(usage, when))
        .isEqualTo(PriceBook.of(List.of(inForce)).charge(usage, when));
    assertThat(book.charge(usage, THEN - 1)).isInstanceOf(Charge.Unpriced.class);
  }

  @Provide
  Arbitrary<PriceList> lists() {
    Arbitrary<List<Tier>> tiers =
        Combinators.combine(
                Arbitraries.longs().between(1, 600_000).set().ofMaxSize(3),
                tokenPrices().list().ofSize(3))
            .as(
                (above, prices) -> {
                  List<Tier> all = new ArrayList<>();
                  above.stream()
                      .sorted()
                      .forEach(bound -> all.add(new Tier(bound, prices.get(all.size()))));
                  return all;
                });
    return Combinators.combine(
            tokenPrices(), unitPrices(), Arbitraries.integers().between(0, 100), tiers)
        .as((tokens, units, batch, of) -> new PriceList("v1", BEGIN, tokens, units, batch, of));
  }

  private static Arbitrary<TokenPrices> tokenPrices() {
    return Arbitraries.longs()
        .between(0, DEAREST)
        .array(long[].class)
        .ofSize(8)
        .map(p -> new TokenPrices(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7]));
  }

  private static Arbitrary<UnitPrices> unitPrices() {
    return Arbitraries.longs()
        .between(0, DEAREST)
        .array(long[].class)
        .ofSize(4)
        .map(p -> new UnitPrices(p[0], p[1], p[2], p[3]));
  }

  @Provide
  Arbitrary<Usage> sound() {
    return Arbitraries.longs()
        .between(0, 100_000)
        .array(long[].class)
        .ofSize(11)
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
                    p[7],
                    p[8],
                    p[9],
                    p[10]));
  }

  /// Nothing that is counted by other units, of which nothing is held.
  @Provide
  Arbitrary<Usage> tokens() {
    return sound()
        .map(
            u ->
                new Usage(
                    u.inputTokens(),
                    u.cachedInputTokens(),
                    u.cacheWrite5mTokens(),
                    u.cacheWrite1hTokens(),
                    u.audioInputTokens(),
                    u.outputTokens(),
                    u.reasoningTokens(),
                    u.audioOutputTokens()));
  }

  @Provide
  Arbitrary<Usage> absurd() {
    return Combinators.combine(
            Arbitraries.longs().between(0, Long.MAX_VALUE).array(long[].class).ofSize(11),
            Arbitraries.of(0, 20, 40, 62))
        .as((all, shift) -> usage(Arrays.stream(all).map(value -> value >> shift).toArray()));
  }

  private static Usage usage(long[] t) {
    return new Usage(t[0], t[1], t[2], t[3], t[4], t[5], t[6], t[7], t[8], t[9], t[10]);
  }

  /// Each tier costs what the one below costs, and more.
  private static PriceList withDearerTiers(PriceList list) {
    List<Tier> tiers = new ArrayList<>();
    TokenPrices below = list.tokens();
    for (Tier tier : list.tiers()) {
      below = sum(below, tier.tokens());
      tiers.add(new Tier(tier.aboveInputTokens(), below));
    }
    return with(list, list.tokens(), list.units(), tiers);
  }

  private static TokenPrices sum(TokenPrices a, TokenPrices b) {
    return new TokenPrices(
        a.input() + b.input(),
        a.cachedInput() + b.cachedInput(),
        a.cacheWrite5m() + b.cacheWrite5m(),
        a.cacheWrite1h() + b.cacheWrite1h(),
        a.output() + b.output(),
        a.reasoning() + b.reasoning(),
        a.audioInput() + b.audioInput(),
        a.audioOutput() + b.audioOutput());
  }

  private static PriceList with(
      PriceList list, TokenPrices tokens, UnitPrices units, List<Tier> tiers) {
    return new PriceList(
        list.version(), list.validFrom(), tokens, units, list.batchPercent(), tiers);
  }

  private static long charge(PriceList list, Usage usage) {
    return PriceBook.of(List.of(list)).charge(usage, THEN).amount().picoDollars();
  }
}
