package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The events of the ledger as they were recorded, and the price lists that they name. Reads alone;
/// plain blocking code, a connection a call.
public final class EventHistory {
  private static final int ROWS_AT_ONCE = 1_000;
  private static final int DESTINATION_COLUMN = 9;
  private static final int USAGE_COLUMN = 18;
  private static final int ATTEMPT_COLUMN = 29;
  private static final String QUERY =
      """
      SELECT event.id, event.duration_ns, event.pico_dollars, event.batch,
        caller.key_namespace, caller.key_name, caller.user_name, caller.project,
        destination.surface, destination.public_model, destination.provider_namespace,
        destination.provider_name, destination.upstream_model,
        ending.outcome, ending.http_status, ending.streamed,
        ending.usage_source || ' ' || ending.charge_state || ' ' || ending.price_version,
        event.input_tokens, event.cached_input_tokens, event.cache_write_5m_tokens,
        event.cache_write_1h_tokens, event.audio_input_tokens, event.output_tokens,
        event.reasoning_tokens, event.audio_output_tokens,
        event.images, event.characters, event.audio_ms,
        attempt.outcome, attempt.probable_pico_dollars,
        tried.surface, tried.public_model, tried.provider_namespace, tried.provider_name,
        tried.upstream_model
      FROM usage_event AS event
      JOIN usage_caller AS caller ON caller.id = event.caller_id
      JOIN usage_destination AS destination ON destination.id = event.destination_id
      JOIN usage_ending AS ending ON ending.id = event.ending_id
      LEFT JOIN usage_attempt AS attempt ON attempt.event_id = event.id
      LEFT JOIN usage_destination AS tried ON tried.id = attempt.destination_id
      WHERE event.id >= ? AND event.id < ?
      ORDER BY event.id, attempt.ordinal""";

  private final LedgerDatabase database;

  public EventHistory(LedgerDatabase database) {
    this.database = database;
  }

  /// All events of the interval in order of their ids, one after the other: they are not held in
  /// memory.
  public void events(Interval interval, Consumer<UsageEvent> each) throws SQLException {
    try (Connection connection = database.connectTo(Reads.MUCH)) {
      connection.setAutoCommit(false); // else PostgreSQL's driver takes all rows at once
      try (PreparedStatement statement = connection.prepareStatement(QUERY)) {
        statement.setFetchSize(ROWS_AT_ONCE);
        database.dialect().bind(statement, 1, interval.firstId());
        database.dialect().bind(statement, 2, interval.endId());
        try (ResultSet rows = statement.executeQuery()) {
          tell(rows, each);
        }
      }
    }
  }

  /// The canonical encodings of all price lists, by version.
  public Map<String, String> priceLists() throws SQLException {
    Map<String, String> lists = new HashMap<>();
    try (Connection connection = database.connectTo(Reads.MUCH);
        PreparedStatement statement =
            connection.prepareStatement("SELECT version, content FROM price_list");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        lists.put(rows.getString(1), rows.getString(2));
      }
    }
    return lists;
  }

  /// An event has a row for each of its failed attempts, and one where it has none.
  private void tell(ResultSet rows, Consumer<UsageEvent> each) throws SQLException {
    boolean isThere = rows.next();
    while (isThere) {
      UsageEvent event = event(rows);
      List<FailedAttempt> failed = new ArrayList<>();
      while (isThere && database.dialect().id(rows, 1).equals(event.id())) {
        if (rows.getString(ATTEMPT_COLUMN) != null) {
          failed.add(attempt(rows));
        }
        isThere = rows.next();
      }
      each.accept(failed.isEmpty() ? event : event.withFailed(failed));
    }
  }

  private UsageEvent event(ResultSet row) throws SQLException {
    String[] charged = row.getString(17).split(" ", 3);
    Outcome outcome = labelled(Outcome.values(), Outcome::label, row.getString(14));
    return new UsageEvent(
        database.dialect().id(row, 1),
        new Caller(row.getString(5), row.getString(6), row.getString(7), row.getString(8)),
        destination(row, DESTINATION_COLUMN),
        new Ending(outcome, row.getInt(15), row.getInt(16) != 0, row.getLong(2)),
        usage(row),
        labelled(UsageSource.values(), UsageSource::label, charged[0]),
        new Cost(
            labelled(ChargeState.values(), ChargeState::label, charged[1]),
            row.getLong(3),
            charged[2]),
        row.getInt(4) != 0,
        List.of());
  }

  private static FailedAttempt attempt(ResultSet row) throws SQLException {
    int at = ATTEMPT_COLUMN;
    Outcome outcome = labelled(Outcome.values(), Outcome::label, row.getString(at++));
    long probable = row.getLong(at++);
    return new FailedAttempt(destination(row, at), outcome, probable);
  }

  private static Destination destination(ResultSet row, int from) throws SQLException {
    int at = from;
    return new Destination(
        row.getString(at++),
        row.getString(at++),
        row.getString(at++),
        row.getString(at++),
        row.getString(at));
  }

  private static Usage usage(ResultSet row) throws SQLException {
    int at = USAGE_COLUMN;
    return new Usage(
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at++),
        row.getLong(at));
  }

  private static <T> T labelled(T[] values, Function<T, String> labelOf, String label)
      throws SQLException {
    for (T value : values) {
      if (labelOf.apply(value).equals(label)) {
        return value;
      }
    }
    throw new SQLException("this version does not know " + label + ", which a row says");
  }
}
