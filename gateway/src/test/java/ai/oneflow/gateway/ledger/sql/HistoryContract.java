package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// What stays of the past, in either database.
interface HistoryContract {

  /// An empty database.
  LedgerDatabase database() throws SQLException;

  @Test
  default void eventsComeBackAsTheyWereInTheirOrder() throws SQLException {
    LedgerDatabase database = database();
    Events made = new Events(1);
    List<UsageEvent> events = new ArrayList<>(made.many(3_000));
    UsageEvent last = events.removeLast();
    events.add(
        new UsageEvent(
            last.id(),
            last.caller(),
            last.destination(),
            last.ending(),
            new Usage(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            last.usageSource(),
            last.cost(),
            true,
            List.of()));
    events.add(made.numberedAfterFailures(3_001));
    events.add(made.numbered(3_002));
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", events);
    }
    EventHistory history = new EventHistory(database);
    List<UsageEvent> all = new ArrayList<>();
    List<UsageEvent> some = new ArrayList<>();
    long from = events.get(1_000).id().startMillis();
    long to = events.get(2_000).id().startMillis();

    history.events(Interval.EVER, all::add);
    history.events(new Interval(from, to), some::add);

    assertThat(all).isEqualTo(events);
    assertThat(some).isEqualTo(events.subList(1_000, 2_000));
  }

  @Test
  default void aLedgerOfTheFirstVersionIsMigratedWithItsRows() throws SQLException {
    LedgerDatabase database = database();
    try (var pool = SqlLedger.connect(database)) {
      Flyway.configure()
          .dataSource(pool)
          .locations(database.dialect().migrations())
          .table("oneflow_ledger_schema_history")
          .target("1")
          .load()
          .migrate();
    }
    UsageEvent event = new Events(1).numbered(7);
    addAsTheFirstVersionDid(database, event);

    assertThat(Migrations.apply(database)).isEqualTo(new Migrations.Result(1, "2"));

    List<UsageEvent> events = new ArrayList<>();
    new EventHistory(database).events(Interval.EVER, events::add);
    assertThat(events).containsExactly(event);
    assertThat(Migrations.apply(database)).isEqualTo(new Migrations.Result(0, "2"));
  }

  private static void addAsTheFirstVersionDid(LedgerDatabase database, UsageEvent event)
      throws SQLException {
    try (var connection = database.connectToWrite();
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO usage_gateway (name) VALUES ('pod-1')");
      statement.execute(
          "INSERT INTO usage_caller (key_namespace, key_name, user_name, project)"
              + " VALUES ('ai', 'chat-key', 'bob, \"the\" Bär', '')");
      statement.execute(
          "INSERT INTO usage_destination (surface, public_model, provider_namespace,"
              + " provider_name, upstream_model)"
              + " VALUES ('chat.completions', 'smart', 'ai', 'openai', 'gpt-4o')");
      statement.execute(
          "INSERT INTO usage_ending (outcome, http_status, streamed, usage_source, charge_state,"
              + " price_version) VALUES ('completed', 200, 1, 'provider', 'priced', 'v1')");
      String sql =
          "INSERT INTO usage_event VALUES (?, ?, 1500000, 1, 1, 1, 1, 7, 1, 0, 0, 0, 14, 0, 0, 7000)";
      try (var insert = connection.prepareStatement(sql)) {
        database.dialect().bind(insert, 1, event.id());
        insert.setLong(2, event.id().startMillis());
        insert.executeUpdate();
      }
    }
  }
}
