package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.ledger.sql.LateCharges.Recorded;
import ai.oneflow.gateway.ledger.sql.SpendHistory.Spend;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What a dead gateway may not have told, in either database.
interface LateChargesContract {
  long DIED = 1_767_225_600_000L;
  long NEVER = Long.MAX_VALUE;
  EventIds LATE_IDS = new EventIds(new SplittableRandom(11));

  /// An empty database.
  LedgerDatabase database() throws SQLException;

  @Test
  default void areThoseThatEndedThenOrLaterHoweverLongTheyWaited() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add(
          "pod-1",
          List.of(
              ended(DIED - 60_000, 1, 59_990),
              ended(DIED - 60_000, 2, 60_010),
              ended(DIED - 5, 3, 2),
              ended(DIED - 1, 4, 1)));
      ledger.add("pod-2", List.of(ended(DIED, 5, 10)));
    }

    assertThat(new LateCharges(database).since("pod-1", DIED, NEVER))
        .extracting(Spend::picoDollars)
        .containsExactlyInAnyOrder(2L, 4L);
  }

  @Test
  default void leaveOutWhatWasRecordedInPlaceOfADeadGateway() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(event(DIED, 1, new Ending(Outcome.GATEWAY_FAILED, 0, true, 0))));
    }

    assertThat(new LateCharges(database).since("pod-1", DIED, NEVER)).isEmpty();
  }

  @Test
  default void leaveOutWhatTheNextRunOfTheGatewayRecorded() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(ended(DIED - 1, 1, 5), ended(DIED + 4_000, 2, 5)));
    }

    assertThat(new LateCharges(database).since("pod-1", DIED, DIED + 4_000))
        .extracting(Spend::picoDollars)
        .containsExactly(1L);
  }

  @Test
  default void areFoundByTheirIdsAllAtOnce() throws SQLException {
    LedgerDatabase database = database();
    UsageEvent ended = ended(DIED, 7, 5);
    UsageEvent cutShort = event(DIED, 9, new Ending(Outcome.GATEWAY_FAILED, 0, true, 0));
    List<EventId> asked = new ArrayList<>(List.of(ended.id(), cutShort.id()));
    for (int i = 0; i < 2_500; i++) {
      asked.add(LATE_IDS.next(DIED));
    }
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(ended));
      ledger.add("pod-2", List.of(cutShort));
    }

    assertThat(new LateCharges(database).known(asked.reversed()))
        .isEqualTo(
            Map.of(
                ended.id(),
                new Recorded("pod-1", false, spend(ended)),
                cutShort.id(),
                new Recorded("pod-2", true, spend(cutShort))));
  }

  private static Spend spend(UsageEvent event) {
    long picoDollars = event.cost().picoDollars();
    return new Spend(Events.ALICE, Events.CHAT, event.id().startMillis(), 1, 2, picoDollars);
  }

  private static UsageEvent ended(long startMillis, long picoDollars, long afterMillis) {
    long nanos = Duration.ofMillis(afterMillis).toNanos();
    return event(startMillis, picoDollars, new Ending(Outcome.COMPLETED, 200, true, nanos));
  }

  static UsageEvent event(long startMillis, long picoDollars, Ending ending) {
    return new UsageEvent(
        LATE_IDS.next(startMillis),
        Events.ALICE,
        Events.CHAT,
        ending,
        new Usage(1, 0, 0, 0, 0, 1, 0, 0),
        UsageSource.PROVIDER,
        new Cost(ChargeState.PRICED, picoDollars, "v1"));
  }
}
