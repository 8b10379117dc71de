package ai.oneflow.gateway.exchange.meter;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.exchange.meter.Meter.Metered;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Ledger;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.snapshot.PriceList;
import ai.oneflow.snapshot.PriceList.UnitPrices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterTest {
  private final Recorded ledger = new Recorded();
  private final Meter meter = new Meter(ledger);

  @Test
  void writesDownWhatItCharges() {
    Charge charge =
        record(Prices.book("30", "60"), Figures.ofProvider(Prices.tokens(1_000, 1_000)));

    UsageEvent event = ledger.events.getFirst();
    assertThat(charge.amount().toCredits()).isEqualTo("9.00");
    assertThat(event.cost()).isEqualTo(new Cost(ChargeState.PRICED, 90_000_000_000L, "v1"));
    assertThat(event.usage()).isEqualTo(Prices.tokens(1_000, 1_000));
    assertThat(event.usageSource()).isEqualTo(UsageSource.PROVIDER);
    assertThat(event.ending()).isEqualTo(Events.COMPLETED);
  }

  @Test
  void withoutFiguresNothingIsChargedAndTheEventSaysSo() {
    UnitPrices units = new UnitPrices(500, 0, 0, 0);
    PriceList list = new PriceList("v1", Prices.BEGIN, Prices.text(1, 1), units, 100, List.of());

    Charge charge = record(PriceBook.of(List.of(list)), Figures.NONE);

    UsageEvent event = ledger.events.getFirst();
    assertThat(charge.amount()).isEqualTo(Money.ZERO);
    assertThat(event.cost().picoDollars()).isZero();
    assertThat(event.usageSource()).isEqualTo(UsageSource.NONE);
  }

  @Test
  void chargesInDoubtAreWrittenDownAsSuch() {
    record(PriceBook.of(List.of()), Figures.ofProvider(Prices.tokens(1, 1)));
    record(Prices.book("30", "60"), Figures.ofProvider(new Usage(1, 2, 0, 0, 0, 0, 0, 0)));
    record(Prices.book("30", "60"), Figures.ofProvider(Prices.tokens(Long.MAX_VALUE, 0)));

    assertThat(ledger.events.stream().map(event -> event.cost().state()))
        .containsExactly(ChargeState.UNPRICED, ChargeState.CLAMPED, ChargeState.OVERFLOWED);
    assertThat(ledger.events.getLast().cost().picoDollars()).isZero();
  }

  @Test
  void opensWithThePricesThatARequestIsChargedByIfItsGatewayDies() {
    Metered metered =
        new Metered(
            meter.nextId(Prices.THEN),
            Events.ALICE,
            Events.CHAT,
            Prices.book("30", "60"),
            Prices.THEN);

    Opened opened = meter.open(metered, true, 1_000);
    meter.end(
        opened,
        metered,
        Figures.ofProvider(Prices.tokens(1_000, 500)),
        Events.COMPLETED,
        List.of());

    Rates rates = new Rates("v1", 0, 30_000_000, 60_000_000);
    assertThat(ledger.openings)
        .containsExactly(new Opening(metered.id(), Events.ALICE, Events.CHAT, true, rates, 1_000));
    assertThat(ledger.events.getFirst().cost()).isEqualTo(rates.cost(1_000, 500));
  }

  @Test
  void chargesAnEstimateAndSaysThatItIsOne() {
    Charge charge = record(Prices.book("30", "60"), Figures.estimated(1_000, 1_000));

    assertThat(charge.amount().toCredits()).isEqualTo("9.00");
    assertThat(ledger.events.getFirst().usageSource()).isEqualTo(UsageSource.ESTIMATED);
  }

  private Charge record(PriceBook prices, Figures figures) {
    Metered metered =
        new Metered(meter.nextId(Prices.THEN), Events.ALICE, Events.CHAT, prices, Prices.THEN);
    return meter.end(meter.open(metered, false, 0), metered, figures, Events.COMPLETED, List.of());
  }

  private record OpenedHere(Recorded ledger) implements Opened {
    @Override
    public void progress(long outputTokens) {}

    @Override
    public void input(long inputTokens) {}

    @Override
    public void redirect(Opening next) {
      ledger.openings.add(next);
    }

    @Override
    public boolean end(UsageEvent event) {
      return ledger.record(event);
    }
  }

  /// A ledger that keeps what it is given.
  private static final class Recorded implements Ledger {
    private final List<UsageEvent> events = new ArrayList<>();
    private final List<Opening> openings = new ArrayList<>();

    @Override
    public boolean isAccepting() {
      return true;
    }

    @Override
    public EventId nextId(long startMillis) {
      return new EventId(events.size(), 0);
    }

    @Override
    public Opened open(Opening opening) {
      openings.add(opening);
      return new OpenedHere(this);
    }

    @Override
    public boolean record(UsageEvent event) {
      return events.add(event);
    }

    @Override
    public LedgerStatistics statistics() {
      return new LedgerStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, true);
    }
  }
}
