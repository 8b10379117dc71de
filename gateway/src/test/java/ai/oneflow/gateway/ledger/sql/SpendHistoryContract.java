package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.ledger.sql.SpendHistory.Spend;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What counters are rebuilt from, in either database.
interface SpendHistoryContract {

  /// An empty database.
  LedgerDatabase database() throws SQLException;

  @Test
  default void sumsUpWhatWasSpentInSlotsOfTime() throws SQLException {
    SpendHistory history =
        history(
            spent(Events.ALICE, Events.CHAT, 10_000, 5),
            spent(Events.ALICE, Events.CHAT, 10_999, 7),
            spent(Events.ALICE, Events.CHAT, 11_000, 9),
            spent(Events.BOB, Events.CHAT, 11_000, 11),
            spent(Events.BOB, Events.EMBEDDINGS, 12_000, 13),
            spent(Events.ALICE, Events.CHAT, 9_999, 100),
            spent(Events.ALICE, Events.CHAT, 13_000, 100));
    List<Spend> slots = new ArrayList<>();

    history.slots(new Interval(10_000, 13_000), 1_000, slots::add);

    assertThat(slots)
        .containsExactlyInAnyOrder(
            new Spend(Events.ALICE, Events.CHAT, 10_000, 2, 3 * 12, 12),
            new Spend(Events.ALICE, Events.CHAT, 11_000, 1, 3 * 9, 9),
            new Spend(Events.BOB, Events.CHAT, 11_000, 1, 3 * 11, 11),
            new Spend(Events.BOB, Events.EMBEDDINGS, 12_000, 1, 3 * 13, 13));
  }

  @Test
  default void sumsUpAPeriodAndAllThatThereIs() throws SQLException {
    SpendHistory history =
        history(
            spent(Events.ALICE, Events.CHAT, 10_000, 5),
            spent(Events.ALICE, Events.CHAT, 20_000, 7),
            spent(Events.BOB, Events.CHAT, 30_000, 11));
    List<Spend> period = new ArrayList<>();
    List<Spend> ever = new ArrayList<>();

    history.totals(new Interval(20_000, 30_000), period::add);
    history.totals(Interval.EVER, ever::add);

    assertThat(period).containsExactly(new Spend(Events.ALICE, Events.CHAT, 20_000, 1, 3 * 7, 7));
    assertThat(ever)
        .containsExactlyInAnyOrder(
            new Spend(Events.ALICE, Events.CHAT, 0, 2, 3 * 12, 12),
            new Spend(Events.BOB, Events.CHAT, 0, 1, 3 * 11, 11));
  }

  @Test
  default void aSumBeyond64BitsIsAsMuchAsFits() throws SQLException {
    long most = Long.MAX_VALUE / 2;
    SpendHistory history =
        history(
            spent(Events.ALICE, Events.CHAT, 1_000, most),
            spent(Events.ALICE, Events.CHAT, 1_000, most),
            spent(Events.ALICE, Events.CHAT, 1_000, most));
    List<Spend> ever = new ArrayList<>();

    history.totals(Interval.EVER, ever::add);

    assertThat(ever)
        .containsExactly(
            new Spend(Events.ALICE, Events.CHAT, 0, 3, Long.MAX_VALUE, Long.MAX_VALUE));
  }

  private SpendHistory history(Spend... spends) throws SQLException {
    LedgerDatabase database = database();
    EventIds ids = new EventIds(new SplittableRandom(7));
    List<UsageEvent> events = new ArrayList<>();
    for (Spend each : spends) {
      long tokens = each.tokens();
      events.add(
          new UsageEvent(
              new EventIds(new SplittableRandom(ids.next(0).low())).next(each.startMillis()),
              each.caller(),
              each.destination(),
              Events.COMPLETED,
              new Usage(tokens, 0, 0, 0, 0, Math.min(2 * tokens, Long.MAX_VALUE), 0, 0),
              UsageSource.PROVIDER,
              new Cost(ChargeState.PRICED, each.picoDollars(), "v1")));
    }
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", events);
    }
    return new SpendHistory(database);
  }

  private static Spend spent(Caller caller, Destination destination, long startMillis, long many) {
    return new Spend(caller, destination, startMillis, 1, many, many);
  }
}
