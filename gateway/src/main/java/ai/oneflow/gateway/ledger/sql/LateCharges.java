package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import ai.oneflow.gateway.ledger.sql.SpendHistory.Spend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a gateway recorded at its very end, which its counters may not have been told. Reads alone;
/// plain blocking code, a connection a call.
public final class LateCharges {
  /// No request runs for longer.
  private static final Duration LONGEST = Duration.ofHours(6);

  /// In one question; SQLite takes 32,766 parameters.
  private static final int MOST_IDS = 1_000;

  private static final String SELECT =
      """
      SELECT caller.key_namespace, caller.key_name, caller.user_name, caller.project,
        destination.surface, destination.public_model, destination.provider_namespace,
        destination.provider_name, destination.upstream_model,
        event.started_at_ms, event.input_tokens, event.output_tokens, event.pico_dollars,
        event.id, gateway.name, ending.outcome
      FROM usage_event AS event
      JOIN usage_gateway AS gateway ON gateway.id = event.gateway_id
      JOIN usage_caller AS caller ON caller.id = event.caller_id
      JOIN usage_destination AS destination ON destination.id = event.destination_id
      JOIN usage_ending AS ending ON ending.id = event.ending_id
      WHERE\s""";
  private static final String SINCE =
      SELECT
          + """
      event.id >= ? AND gateway.name = ? AND event.started_at_ms < ?
        AND event.started_at_ms * 1000000 + event.duration_ns >= ?
        AND ending.outcome <> 'gateway_failed'""";

  private final LedgerDatabase database;

  /// An event that is there.
  ///
  /// @param gateway by whose name it was recorded
  /// @param isCutShort whether in the place of a gateway that had died
  public record Recorded(String gateway, boolean isCutShort, Spend spend) {}

  public LateCharges(LedgerDatabase database) {
    this.database = database;
  }

  /// Each event of the gateway that ended at this moment or later; those that were recorded in its
  /// place after its death are left out. An end is known to a millisecond: what may have ended then
  /// is there too.
  ///
  /// @param untilMillis when somebody else began to record by the gateway's name
  public List<Spend> since(String gateway, long millis, long untilMillis) throws SQLException {
    List<Spend> charges = new ArrayList<>();
    try (Connection connection = database.connectTo(Reads.MUCH);
        PreparedStatement statement = connection.prepareStatement(SINCE)) {
      EventId first = EventId.firstOf(Math.max(0, millis - LONGEST.toMillis()));
      database.dialect().bind(statement, 1, first);
      statement.setString(2, gateway);
      statement.setLong(3, untilMillis);
      statement.setLong(4, TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis - 1)));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          charges.add(charge(rows));
        }
      }
    }
    return charges;
  }

  /// Those of these events that are there, by their ids.
  public Map<EventId, Recorded> known(Collection<EventId> ids) throws SQLException {
    Map<EventId, Recorded> known = new HashMap<>();
    List<EventId> all = List.copyOf(ids);
    if (all.isEmpty()) {
      return known;
    }
    try (Connection connection = database.connectTo(Reads.LITTLE)) {
      for (int from = 0; from < all.size(); from += MOST_IDS) {
        List<EventId> some = all.subList(from, Math.min(all.size(), from + MOST_IDS));
        find(connection, some, known);
      }
    }
    return known;
  }

  private void find(Connection connection, List<EventId> ids, Map<EventId, Recorded> to)
      throws SQLException {
    String among = "event.id IN (" + "?, ".repeat(ids.size() - 1) + "?)";
    try (PreparedStatement statement = connection.prepareStatement(SELECT + among)) {
      for (int i = 0; i < ids.size(); i++) {
        database.dialect().bind(statement, i + 1, ids.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          boolean cutShort = rows.getString(16).equals(Outcome.GATEWAY_FAILED.label());
          to.put(
              database.dialect().id(rows, 14),
              new Recorded(rows.getString(15), cutShort, charge(rows)));
        }
      }
    }
  }

  private static Spend charge(ResultSet rows) throws SQLException {
    long tokens = rows.getLong(11) + rows.getLong(12);
    return new Spend(
        new Caller(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)),
        new Destination(
            rows.getString(5),
            rows.getString(6),
            rows.getString(7),
            rows.getString(8),
            rows.getString(9)),
        rows.getLong(10),
        1,
        tokens < 0 ? Long.MAX_VALUE : tokens,
        rows.getLong(13));
  }
}
