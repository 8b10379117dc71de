package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What holds for the ledger in either database.
interface SqlLedgerContract
    extends SpendHistoryContract,
        CreditBookContract,
        FailedAttemptContract,
        LateChargesContract,
        HistoryContract,
        BackupContract {

  EventIds IDS = new EventIds(new SplittableRandom(3));

  @Test
  default void addsEachEventOnceHoweverOftenItIsBrought() throws SQLException {
    LedgerDatabase database = database();
    List<UsageEvent> events = new Events(1).many(1_000);
    try (SqlLedger ledger = SqlLedger.open(database)) {
      assertThat(ledger.add("pod-1", events.subList(0, 600))).isEqualTo(600);
      assertThat(ledger.add("pod-1", events)).isEqualTo(400);
      assertThat(ledger.add("pod-2", events)).isZero();
    }
    assertThat(Rows.count(database)).isEqualTo(1_000);
  }

  @Test
  default void keepsAllThatAnEventSays() throws SQLException {
    LedgerDatabase database = database();
    UsageEvent event = anEvent(new Usage(1, 2, 3, 4, 5, 6, 7, 8), 9);
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(event));
    }

    assertThat(Rows.first(database))
        .endsWith(
            String.valueOf(event.id().startMillis()),
            "1500",
            "pod-1",
            "ai",
            "key",
            "Zoë \"o'x\"",
            "",
            "chat.completions",
            "smart",
            "ai",
            "openai",
            "gpt-4o",
            "caller_gone",
            "499",
            "1",
            "provider",
            "clamped",
            "v7",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "9",
            "0",
            "1",
            "0",
            "0",
            "0");
    assertThat(Rows.first(database).getFirst().replace("-", ""))
        .isEqualTo(event.id().toString().replace("-", ""));
  }

  @Test
  default void keepsWhatIsCountedByOtherUnits() throws SQLException {
    LedgerDatabase database = database();
    Usage usage = new Usage(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    UsageEvent plain = anEvent(usage, 12);
    FailedAttempt failed = new FailedAttempt(Events.CHAT, Outcome.PROVIDER_FAILED, 0);
    UsageEvent event =
        new UsageEvent(
            plain.id(),
            plain.caller(),
            plain.destination(),
            plain.ending(),
            usage,
            plain.usageSource(),
            plain.cost(),
            true,
            List.of(failed, failed));
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", List.of(event));
    }

    assertThat(Rows.first(database)).endsWith("8", "12", "1", "3", "9", "10", "11");
  }

  @Test
  default void knowsWhichEventsItHas() throws SQLException {
    List<UsageEvent> events = new Events(1).many(2_000);
    try (SqlLedger ledger = SqlLedger.open(database())) {
      ledger.add("pod-1", events.subList(0, 700));

      assertThat(ledger.known(ids(events))).isEqualTo(Set.copyOf(ids(events.subList(0, 700))));
      assertThat(ledger.known(List.of())).isEmpty();
    }
  }

  @Test
  default void keepsEachPriceListOnceAsItWas() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.addPriceLists(Map.of("v1", "{\"a\":1}", "v2", "{}"), 5);
      ledger.addPriceLists(Map.of("v1", "another", "v3", "{}"), 6);
    }

    assertThat(
            Rows.column(
                database,
                "SELECT version || content || first_used_ms FROM price_list ORDER BY version"))
        .containsExactly("v1{\"a\":1}5", "v2{}5", "v3{}6");
  }

  private static List<EventId> ids(List<UsageEvent> events) {
    return events.stream().map(UsageEvent::id).toList();
  }

  @Test
  default void opensWhatItMadeBefore() throws SQLException {
    LedgerDatabase database = database();
    Events events = new Events(1);
    for (int i = 0; i < 3; i++) {
      try (SqlLedger ledger = SqlLedger.open(database)) {
        assertThat(ledger.add("pod-1", events.many(10))).isEqualTo(10);
      }
    }
    assertThat(Rows.count(database)).isEqualTo(30);
  }

  @Test
  default void sumsLargerThan64BitsAreExact() throws SQLException {
    LedgerDatabase database = database();
    List<UsageEvent> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Usage usage = new Usage(Long.MAX_VALUE, 0, 0, 0, 0, Long.MAX_VALUE, 0, 0);
      events.add(anEvent(usage, Long.MAX_VALUE));
    }
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", events);
    }

    UsageReport report = UsageReport.read(database, UsageQuery.all(UsageGroup.PROJECT));

    BigInteger three = BigInteger.valueOf(Long.MAX_VALUE).multiply(BigInteger.valueOf(3));
    assertThat(report.rows())
        .containsExactly(new UsageReport.Row(List.of(""), 3, three, three, three, 3));
  }

  @Test
  default void reportsByEachGroup() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", new Events(1).many(6));
    }

    assertThat(groups(database, UsageGroup.USER)).containsExactly("alice", "bob, \"the\" Bär");
    assertThat(groups(database, UsageGroup.KEY)).containsExactly("ai/chat-key", "ai/search-key");
    assertThat(groups(database, UsageGroup.PROJECT)).containsExactly("", "search");
    assertThat(groups(database, UsageGroup.PROVIDER)).containsExactly("ai/openai");
    assertThat(groups(database, UsageGroup.MODEL)).containsExactly("embed", "smart");
    assertThat(groups(database, UsageGroup.DAY)).containsExactly("2026-01-01");
  }

  @Test
  default void reportsOnlyTheTimeThatWasAskedFor() throws SQLException {
    LedgerDatabase database = database();
    List<UsageEvent> events = new Events(1).many(10);
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", events);
    }
    long from = events.get(2).id().startMillis();
    long to = events.get(5).id().startMillis();

    UsageQuery query =
        new UsageQuery(List.of(UsageGroup.PROVIDER), new Interval(from, to), ZoneOffset.UTC);
    UsageReport report = UsageReport.read(database, query);

    assertThat(report.rows())
        .containsExactly(
            new UsageReport.Row(
                List.of("ai/openai"),
                3,
                BigInteger.valueOf(3 + 4 + 5),
                BigInteger.valueOf(2 * (3 + 4 + 5)),
                BigInteger.valueOf(1_000 * (3 + 4 + 5)),
                0));
  }

  private static List<String> groups(LedgerDatabase database, UsageGroup group)
      throws SQLException {
    return UsageReport.read(database, UsageQuery.all(group)).rows().stream()
        .map(row -> row.values().getFirst())
        .toList();
  }

  private static UsageEvent anEvent(Usage usage, long picoDollars) {
    return new UsageEvent(
        IDS.next(Events.NOW),
        new Caller("ai", "key", "Zoë \"o'x\"", ""),
        Events.CHAT,
        new Ending(Outcome.CALLER_GONE, 499, true, 1_500),
        usage,
        UsageSource.PROVIDER,
        new Cost(ChargeState.CLAMPED, picoDollars, "v7"));
  }
}
