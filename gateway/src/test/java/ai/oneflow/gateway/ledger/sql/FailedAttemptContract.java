package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What becomes of the attempts that failed before the one that an event tells of.
interface FailedAttemptContract {

  /// An empty database.
  LedgerDatabase database() throws SQLException;

  @Test
  default void keepsEachFailedAttemptInItsOrder() throws SQLException {
    LedgerDatabase database = database();
    UsageEvent event = new Events(1).numberedAfterFailures(7);
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(event));
    }

    assertThat(rows(database))
        .containsExactly(
            "1 smart provider_failed 0", "2 embed provider_failed 77", "3 smart provider_failed 0");
    assertThat(Rows.column(database, "SELECT attempts FROM usage")).containsExactly("4");
  }

  @Test
  default void addsFailedAttemptsOnceHoweverOftenTheirEventIsBrought() throws SQLException {
    LedgerDatabase database = database();
    List<UsageEvent> events = afterFailures(2_000);
    UsageEvent first = events.getFirst();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      assertThat(ledger.add("pod-1", List.of(first, first))).isEqualTo(1);
      assertThat(ledger.add("pod-1", events)).isEqualTo(1_999);
      assertThat(ledger.add("pod-2", events)).isZero();
    }

    assertThat(rows(database)).hasSize(3 * 2_000);
  }

  @Test
  default void anEventThatIsThereAlreadyIsGivenNoFailedAttempts() throws SQLException {
    LedgerDatabase database = database();
    UsageEvent event = new Events(1).numbered(7);
    UsageEvent other = new Events(1).numberedAfterFailures(7);
    assertThat(other.id()).isEqualTo(event.id());
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(event));

      assertThat(ledger.add("pod-1", List.of(other))).isZero();
    }

    assertThat(rows(database)).isEmpty();
    assertThat(Rows.column(database, "SELECT attempts FROM usage")).containsExactly("1");
  }

  @Test
  default void ofABatchThatCannotBeWrittenNoFailedAttemptStays() throws SQLException {
    LedgerDatabase database = database();
    List<UsageEvent> events = afterFailures(10);
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", events.subList(0, 1));
      Rows.execute(database, "ALTER TABLE usage_event RENAME COLUMN audio_ms TO gone");
      assertThatThrownBy(() -> ledger.add("pod-1", events)).isInstanceOf(SQLException.class);
      Rows.execute(database, "ALTER TABLE usage_event RENAME COLUMN gone TO audio_ms");
      assertThat(rows(database)).hasSize(3);

      assertThat(ledger.add("pod-1", events)).isEqualTo(9);
    }

    assertThat(rows(database)).hasSize(30);
  }

  private static List<UsageEvent> afterFailures(int count) {
    Events made = new Events(1);
    List<UsageEvent> events = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      events.add(made.numberedAfterFailures(i));
    }
    return events;
  }

  private static List<String> rows(LedgerDatabase database) throws SQLException {
    return Rows.column(
        database,
        "SELECT ordinal || ' ' || public_model || ' ' || outcome || ' ' || probable_pico_dollars"
            + " FROM usage_attempt JOIN usage_destination ON id = destination_id"
            + " ORDER BY event_id, ordinal");
  }
}
