package ai.oneflow.gateway.exchange.meter;

import static ai.oneflow.gateway.exchange.meter.Prices.BEGIN;
import static ai.oneflow.gateway.exchange.meter.Prices.THEN;
import static ai.oneflow.gateway.exchange.meter.Prices.book;
import static ai.oneflow.gateway.exchange.meter.Prices.list;
import static ai.oneflow.gateway.exchange.meter.Prices.text;
import static ai.oneflow.gateway.exchange.meter.Prices.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.Tier;
import ai.oneflow.snapshot.PriceList.TokenPrices;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBookTest {
  private static final TokenPrices EVERY_PART_ITS_OWN =
      new TokenPrices(1_000, 100, 1_250, 2_000, 5_000, 7_000, 9_000, 11_000);

  @ParameterizedTest
  @CsvSource({
    "30, 60, 1000, 1000, 9.00",
    "0.50, 1.50, 10000, 5000, 1.25",
    "15, 75, 5000, 2000, 22.50",
    "30, 60, 10000000, 10000000, 90000.00"
  })
  void chargesInputAndOutputByTheMillion(
      String input, String output, long in, long out, String credits) {
    Charge charge = book(input, output).charge(tokens(in, out), THEN);

    assertThat(charge).isInstanceOf(Charge.Priced.class);
    assertThat(charge.amount().toCredits()).isEqualTo(credits);
  }

  @Test
  void chargesEachPartAtItsOwnPriceAndTheRestAtThePlainOne() {
    PriceBook book = PriceBook.of(List.of(list("v1", BEGIN, EVERY_PART_ITS_OWN)));

    Charge charge = book.charge(new Usage(100, 10, 20, 30, 5, 50, 7, 3), THEN);

    long input = 10 * 100 + 20 * 1_250 + 30 * 2_000 + 5 * 9_000 + 35 * 1_000;
    long output = 7 * 7_000 + 3 * 11_000 + 40 * 5_000;
    assertThat(charge).isEqualTo(new Charge.Priced(new Money(input + output), "v1"));
  }

  @ParameterizedTest
  @CsvSource({"100, 101, 0, 0", "100, 60, 41, 0", "10, 9223372036854775807, 0, 0"})
  void cutsPartsThatAreLargerThanTheirWholeAndSaysSo(long in, long cached, long audio, long out) {
    PriceBook book = PriceBook.of(List.of(list("v1", BEGIN, EVERY_PART_ITS_OWN)));

    Charge charge = book.charge(new Usage(in, cached, 0, 0, audio, out, 0, 0), THEN);

    long cachedThatFits = Math.min(cached, in);
    long rest = in - cachedThatFits;
    assertThat(charge)
        .isEqualTo(new Charge.Clamped(new Money(cachedThatFits * 100 + rest * 9_000), "v1"));
  }

  @Test
  void saysThatReasoningWasLargerThanTheOutput() {
    PriceBook book = PriceBook.of(List.of(list("v1", BEGIN, EVERY_PART_ITS_OWN)));

    Charge charge = book.charge(new Usage(0, 0, 0, 0, 0, 10, 11, 0), THEN);

    assertThat(charge).isEqualTo(new Charge.Clamped(new Money(70_000), "v1"));
  }

  @Test
  void anAmountThatDoesNotFitIsAStateAndNoAmount() {
    Charge charge = book("30", "60").charge(tokens(Long.MAX_VALUE, 1), THEN);

    assertThat(charge).isEqualTo(new Charge.Overflowed("v1"));
    assertThat(charge.amount()).isEqualTo(Money.ZERO);
  }

  @Test
  void aModelWithoutPricesIsUnpriced() {
    PriceBook book = PriceBook.of(List.of());

    assertThat(book.charge(tokens(1, 1), THEN)).isEqualTo(new Charge.Unpriced());
    assertThat(book.isPricedAt(THEN)).isFalse();
  }

  @Test
  void aListOfOtherUnitsAlonePricesNoTokens() {
    for (UnitPrices units :
        List.of(
            new UnitPrices(0, 1, 0, 0), new UnitPrices(0, 0, 1, 0), new UnitPrices(0, 0, 0, 1))) {
      PriceBook book = bookOf(new PriceList("v1", BEGIN, text(0, 0), units, 100, List.of()));

      assertThat(book.isPricedAt(THEN)).isFalse();
      assertThat(book.charge(tokens(1, 1), THEN)).isEqualTo(new Charge.Unpriced());
      assertThat(book.rates(1, THEN)).isEqualTo(Rates.UNPRICED);
    }
    UnitPrices both = new UnitPrices(1, 1, 0, 0);
    assertThat(
            bookOf(new PriceList("v1", BEGIN, text(0, 0), both, 100, List.of())).isPricedAt(THEN))
        .isTrue();
  }

  @Test
  void aListThatSaysNothingCostsAnythingIsAPrice() {
    PriceBook free = PriceBook.of(List.of(list("v1", BEGIN, text(0, 0))));

    assertThat(free.isPricedAt(THEN)).isTrue();
    assertThat(free.charge(tokens(1, 1), THEN)).isEqualTo(priced(0, "v1"));
  }

  @Test
  void theNewestListThatHasBegunIsInForce() {
    Instant second = BEGIN.plusSeconds(60);
    PriceBook book =
        PriceBook.of(List.of(list("v1", BEGIN, text(1, 1)), list("v2", second, text(2, 2))));

    assertThat(book.charge(tokens(1, 0), THEN - 1)).isEqualTo(new Charge.Unpriced());
    assertThat(book.charge(tokens(1, 0), THEN)).isEqualTo(priced(1, "v1"));
    assertThat(book.charge(tokens(1, 0), THEN + 59_999)).isEqualTo(priced(1, "v1"));
    assertThat(book.charge(tokens(1, 0), THEN + 60_000)).isEqualTo(priced(2, "v2"));
  }

  @Test
  void aListBeginsNotAMicrosecondEarly() {
    PriceBook book = PriceBook.of(List.of(list("v1", BEGIN.plusNanos(1_000), text(1, 1))));

    assertThat(book.isPricedAt(THEN)).isFalse();
    assertThat(book.isPricedAt(THEN + 1)).isTrue();
  }

  @Test
  void listsFromTheEdgesOfTimeAreUnderstood() {
    assertThat(PriceBook.of(List.of(list("v1", Instant.MIN, text(1, 1)))).isPricedAt(THEN))
        .isTrue();
    assertThat(PriceBook.of(List.of(list("v1", Instant.MAX, text(1, 1)))).isPricedAt(THEN))
        .isFalse();
  }

  @Test
  void aLongContextCostsItsTierForEveryToken() {
    List<Tier> tiers = List.of(new Tier(100, text(2, 20)), new Tier(200, text(3, 30)));
    PriceBook book = bookOf(new PriceList("v1", BEGIN, text(1, 10), Prices.NO_UNITS, 100, tiers));

    assertThat(book.charge(tokens(100, 1), THEN)).isEqualTo(priced(110, "v1"));
    assertThat(book.charge(tokens(101, 1), THEN)).isEqualTo(priced(222, "v1"));
    assertThat(book.charge(tokens(201, 1), THEN)).isEqualTo(priced(633, "v1"));
  }

  @Test
  void aPricePerRequestIsAddedOnce() {
    UnitPrices units = new UnitPrices(500, 0, 0, 0);
    PriceBook book = bookOf(new PriceList("v1", BEGIN, text(1, 1), units, 100, List.of()));

    assertThat(book.charge(tokens(1, 2), THEN)).isEqualTo(priced(503, "v1"));
  }

  @Test
  void aBatchRequestCostsItsPercentageRoundedUp() {
    PriceBook book = bookOf(new PriceList("v1", BEGIN, text(1, 1), Prices.NO_UNITS, 50, List.of()));

    assertThat(book.chargeBatch(tokens(100, 1), THEN)).isEqualTo(priced(51, "v1"));
    assertThat(book.chargeBatch(tokens(Long.MAX_VALUE, 0), THEN))
        .isEqualTo(priced(Long.MAX_VALUE / 2 + 1, "v1"));
  }

  @Test
  void refusesListsOutOfOrder() {
    List<PriceList> lists =
        List.of(list("v2", BEGIN.plusSeconds(1), text(1, 1)), list("v1", BEGIN, text(1, 1)));

    assertThatThrownBy(() -> PriceBook.of(lists)).hasMessageContaining("in order of validFrom");
  }

  @Test
  void imagesCharactersAndSoundHavePricesOfTheirOwn() {
    UnitPrices units = new UnitPrices(7, 40_000, 15, 6_000);
    PriceBook book = bookOf(new PriceList("v1", BEGIN, text(1, 1), units, 50, List.of()));
    Usage usage = new Usage(3, 0, 0, 0, 0, 4, 0, 0, 2, 1_000, 1_001);

    long whole = 7 + 3 + 4 + 2 * 40_000 + 1_000 * 15 + 6_006;
    assertThat(book.charge(usage, THEN).amount()).isEqualTo(new Money(whole));
    assertThat(book.chargeBatch(usage, THEN).amount()).isEqualTo(new Money(whole / 2));
  }

  @Test
  void aPartOfASecondIsRoundedUpToAPicoDollarOnce() {
    UnitPrices units = new UnitPrices(0, 0, 0, 1);
    PriceBook book = bookOf(new PriceList("v1", BEGIN, text(0, 0), units, 100, List.of()));

    for (long millis : new long[] {1, 999, 1_000, 1_001}) {
      Usage usage = new Usage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, millis);
      assertThat(book.charge(usage, THEN).amount().picoDollars())
          .isEqualTo(Math.ceilDiv(millis, 1_000));
    }
    Usage absurd = new Usage(0, 0, 0, 0, 0, 0, 0, 0, Long.MAX_VALUE, 0, Long.MAX_VALUE);
    UnitPrices dear = new UnitPrices(0, 2, 0, 0);
    PriceBook other = bookOf(new PriceList("v1", BEGIN, text(0, 0), dear, 100, List.of()));
    assertThat(other.charge(absurd, THEN)).isEqualTo(new Charge.Overflowed("v1"));
  }

  @Test
  void aKilledRequestIsChargedByThePlainPricesOfItsTier() {
    List<PriceList.Tier> tiers = List.of(new PriceList.Tier(100, text(5, 50)));
    UnitPrices units = new UnitPrices(7, 0, 0, 0);
    PriceBook book = bookOf(new PriceList("v1", BEGIN, text(1, 10), units, 100, tiers));

    assertThat(book.rates(100, THEN)).isEqualTo(new Rates("v1", 7, 1, 10));
    assertThat(book.rates(101, THEN)).isEqualTo(new Rates("v1", 7, 5, 50));
    assertThat(book.rates(1, THEN - 1)).isEqualTo(Rates.UNPRICED);
    for (long input : new long[] {3, 100, 101}) {
      assertThat(book.rates(input, THEN).cost(input, 4).picoDollars())
          .isEqualTo(book.charge(Prices.tokens(input, 4), THEN).amount().picoDollars());
    }
  }

  private static PriceBook bookOf(PriceList list) {
    return PriceBook.of(List.of(list));
  }

  private static Charge priced(long picoDollars, String version) {
    return new Charge.Priced(new Money(picoDollars), version);
  }
}
