package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What was spent, as counters want it that were lost: per caller and destination, in slots of time
/// or as one sum. Reads alone; plain blocking code, a connection a call.
///
/// The time asked for is found by the table's key; all of it is read once, so a sum over all of a
/// ledger of millions of events takes seconds.
public final class SpendHistory {
  private static final int ROWS_AT_ONCE = 1_000;
  private static final String QUERY =
      """
      SELECT c.key_namespace, c.key_name, c.user_name, c.project,
        d.surface, d.public_model, d.provider_namespace, d.provider_name, d.upstream_model,
        spend.*
      FROM (
        SELECT caller_id, destination_id, {slot} AS slot, {gateway} AS gateway_id,
          count(*) AS requests, {sums}
        FROM usage_event WHERE id >= ? AND id < ?
        GROUP BY 1, 2, 3, 4) AS spend
      JOIN usage_caller AS c ON c.id = spend.caller_id
      JOIN usage_destination AS d ON d.id = spend.destination_id
      """;
  private static final String SUMS =
      ExactSum.of("input_tokens")
          + ", "
          + ExactSum.of("output_tokens")
          + ", "
          + ExactSum.of("pico_dollars");

  private static final String GATEWAYS = "SELECT id, name FROM usage_gateway";
  private static final String KEYS = "SELECT DISTINCT key_namespace, key_name FROM usage_caller";

  /// Before the numbers come nine texts and two ids.
  private static final int SLOT_COLUMN = 12;

  private static final int GATEWAY_COLUMN = 13;

  private final LedgerDatabase database;

  public SpendHistory(LedgerDatabase database) {
    this.database = database;
  }

  /// What one caller spent at one destination in one slot of time.
  ///
  /// @param startMillis when the slot began
  /// @param requests for which a provider was called
  /// @param tokens of input and output; as [#picoDollars] at most 2⁶³ − 1, which is more than any
  ///     limit allows
  public record Spend(
      Caller caller,
      Destination destination,
      long startMillis,
      long requests,
      long tokens,
      long picoDollars) {}

  /// In slots of this length, counted from 1970; those in which nothing was spent are left out.
  public void slots(Interval interval, long slotMillis, Consumer<Spend> each) throws SQLException {
    if (slotMillis < 1) {
      throw new IllegalArgumentException("a slot must last a millisecond or more: " + slotMillis);
    }
    Grouping slots = new Grouping("started_at_ms / " + slotMillis, "0");
    read(slots, interval, row -> each.accept(row.spend(slotMillis)));
  }

  /// One sum for the whole interval, such as a period of a calendar.
  public void totals(Interval interval, Consumer<Spend> each) throws SQLException {
    read(
        new Grouping("0", "0"),
        interval,
        row -> each.accept(row.spendSince(interval.sinceMillis())));
  }

  /// Hears what was spent at one gateway.
  public interface GatewayVisitor {
    /// @param gateway by the name that it recorded it under
    void spent(String gateway, Spend spend);
  }

  /// As [#totals], for each gateway by itself.
  public void totalsByGateway(Interval interval, GatewayVisitor each) throws SQLException {
    Map<Long, String> names = gateways();
    read(
        new Grouping("0", "gateway_id"),
        interval,
        row -> {
          // One that came after the names were read has nothing that is asked for here.
          String gateway = names.get(row.gateway());
          if (gateway != null) {
            each.spent(gateway, row.spendSince(interval.sinceMillis()));
          }
        });
  }

  private Map<Long, String> gateways() throws SQLException {
    Map<Long, String> names = new HashMap<>();
    if (database.isNew()) {
      return names;
    }
    try (Connection connection = database.connectTo(Reads.MUCH);
        PreparedStatement statement = connection.prepareStatement(GATEWAYS);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        names.put(rows.getLong(1), rows.getString(2));
      }
    }
    return names;
  }

  /// Namespace and name of each key that ever spent something, a `/` between them.
  public Set<String> keys() throws SQLException {
    Set<String> keys = new HashSet<>();
    if (database.isNew()) {
      return keys;
    }
    try (Connection connection = database.connectTo(Reads.MUCH);
        PreparedStatement statement = connection.prepareStatement(KEYS);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        keys.add(rows.getString(1) + "/" + rows.getString(2));
      }
    }
    return keys;
  }

  private interface Reading {
    void of(Row row) throws SQLException;
  }

  /// What sums are told apart by, besides caller and destination.
  private record Grouping(String slot, String gateway) {}

  private void read(Grouping by, Interval interval, Reading reading) throws SQLException {
    if (database.isNew()) {
      return;
    }
    String sql =
        QUERY
            .replace("{slot}", by.slot())
            .replace("{gateway}", by.gateway())
            .replace("{sums}", SUMS);
    try (Connection connection = database.connectTo(Reads.MUCH)) {
      connection.setAutoCommit(false); // else PostgreSQL's driver takes all rows at once
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setFetchSize(ROWS_AT_ONCE);
        database.dialect().bind(statement, 1, interval.firstId());
        database.dialect().bind(statement, 2, interval.endId());
        try (ResultSet results = statement.executeQuery()) {
          Row row = new Row(results);
          while (results.next()) {
            reading.of(row);
          }
        }
      }
    }
  }

  private record Row(ResultSet results) {
    Spend spend(long slotMillis) throws SQLException {
      return spendSince(results.getLong(SLOT_COLUMN) * slotMillis);
    }

    Spend spendSince(long startMillis) throws SQLException {
      int at = GATEWAY_COLUMN + 1;
      return new Spend(
          new Caller(text(1), text(2), text(3), text(4)),
          new Destination(text(5), text(6), text(7), text(8), text(9)),
          startMillis,
          results.getLong(at),
          ExactSum.bounded(ExactSum.read(results, at + 1).add(ExactSum.read(results, at + 3))),
          ExactSum.bounded(ExactSum.read(results, at + 5)));
    }

    long gateway() throws SQLException {
      return results.getLong(GATEWAY_COLUMN);
    }

    private String text(int column) throws SQLException {
      return results.getString(column);
    }
  }
}
