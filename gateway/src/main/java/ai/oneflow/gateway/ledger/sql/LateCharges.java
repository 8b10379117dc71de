package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.sql.SpendHistory.Spend;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a gateway recorded at its very end, which its counters may not have been told. Reads alone;
/// plain blocking code, a connection a call.
public final class LateCharges {
  /// No request runs for longer.
  private static final Duration LONGEST = Duration.ofHours(6);

  private static final String QUERY =
      """
      SELECT caller.key_namespace, caller.key_name, caller.user_name, caller.project,
        destination.surface, destination.public_model, destination.provider_namespace,
        destination.provider_name, destination.upstream_model,
        event.started_at_ms, event.input_tokens, event.output_tokens, event.pico_dollars
      FROM usage_event AS event
      JOIN usage_gateway AS gateway ON gateway.id = event.gateway_id
      JOIN usage_caller AS caller ON caller.id = event.caller_id
      JOIN usage_destination AS destination ON destination.id = event.destination_id
      JOIN usage_ending AS ending ON ending.id = event.ending_id
      WHERE event.id >= ? AND gateway.name = ? AND event.started_at_ms < ?
        AND event.started_at_ms * 1000000 + event.duration_ns >= ?
        AND ending.outcome <> 'gateway_failed'""";
  private static final String KNOWN = "SELECT 1 FROM usage_event WHERE id = ?";

  private final LedgerDatabase database;

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
    try (Connection connection = database.connectToRead();
        PreparedStatement statement = connection.prepareStatement(QUERY)) {
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

  /// Whether the event is there.
  public boolean isKnown(EventId id) throws SQLException {
    try (Connection connection = database.connectToRead();
        PreparedStatement statement = connection.prepareStatement(KNOWN)) {
      database.dialect().bind(statement, 1, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
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
