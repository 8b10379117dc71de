package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Prepaid credits: what was paid in for keys, and what they spent. A balance is the sum of the
/// top-ups less the sum of all that the key's events ever cost; sums are exact.
///
/// Plain blocking code, a connection a call, any thread. Top-ups are only added, never changed.
public final class CreditBook {
  private static final String INSERT =
      """
      INSERT INTO credit_top_up
        (key_namespace, key_name, reference, pico_dollars, at_ms, made_by, comment)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING""";
  private static final String SELECT =
      """
      SELECT reference, pico_dollars, at_ms, made_by, comment FROM credit_top_up
      WHERE key_namespace = ? AND key_name = ? ORDER BY id""";
  private static final String TOPPED_UP =
      "SELECT key_namespace, key_name, "
          + ExactSum.of("pico_dollars")
          + " FROM credit_top_up GROUP BY key_namespace, key_name";
  private static final String SPENT =
      "SELECT caller.key_namespace, caller.key_name, "
          + ExactSum.of("event.pico_dollars")
          + " FROM usage_event AS event JOIN usage_caller AS caller ON caller.id = event.caller_id"
          + " GROUP BY caller.key_namespace, caller.key_name";
  private static final String SPENT_BY_ONE =
      "SELECT "
          + ExactSum.of("event.pico_dollars")
          + " FROM usage_event AS event WHERE event.caller_id IN"
          + " (SELECT id FROM usage_caller WHERE key_namespace = ? AND key_name = ?)";

  private final LedgerDatabase database;

  private CreditBook(LedgerDatabase database) {
    this.database = database;
  }

  /// The book of a ledger whose tables are of this version or a later one; touches nothing.
  public static CreditBook of(LedgerDatabase database) {
    return new CreditBook(database);
  }

  /// What became of a top-up.
  public sealed interface Outcome {
    /// It is written down.
    record Added(TopUp topUp) implements Outcome {}

    /// The same amount was written down under this reference before; nothing has changed.
    record AlreadyThere(TopUp topUp) implements Outcome {}

    /// Another amount was written down under this reference before; nothing has changed.
    record Contradicts(TopUp earlier) implements Outcome {}
  }

  /// Pico-dollars that were paid in and that were spent; the balance may be a debt.
  public record Balance(BigInteger toppedUp, BigInteger spent) {
    public BigInteger left() {
      return toppedUp.subtract(spent);
    }
  }

  /// Writes a top-up down, once for each reference of a key.
  public Outcome topUp(TopUp topUp) throws SQLException {
    try (Connection connection = database.connectToWrite()) {
      if (insert(topUp, connection)) {
        return new Outcome.Added(topUp);
      }
      for (TopUp earlier : list(topUp.key(), connection)) {
        if (earlier.reference().equals(topUp.reference())) {
          return earlier.picoDollars() == topUp.picoDollars()
              ? new Outcome.AlreadyThere(earlier)
              : new Outcome.Contradicts(earlier);
        }
      }
      throw new SQLException("a top-up was neither written nor found");
    }
  }

  /// All top-ups of a key, in the order in which they were written down.
  public List<TopUp> topUps(KeyName key) throws SQLException {
    try (Connection connection = database.connectTo(Reads.MUCH)) {
      return list(key, connection);
    }
  }

  /// Where a key stands. Reads all events of the ledger once.
  public Balance balance(KeyName key) throws SQLException {
    BigInteger toppedUp = BigInteger.ZERO;
    try (Connection connection = database.connectTo(Reads.MUCH)) {
      for (TopUp topUp : list(key, connection)) {
        toppedUp = toppedUp.add(BigInteger.valueOf(topUp.picoDollars()));
      }
      try (PreparedStatement statement = connection.prepareStatement(SPENT_BY_ONE)) {
        statement.setString(1, key.namespace());
        statement.setString(2, key.name());
        try (ResultSet rows = statement.executeQuery()) {
          rows.next();
          return new Balance(toppedUp, ExactSum.read(rows, 1));
        }
      }
    }
  }

  /// What was paid in for each key that anything was paid in for. Cheap: made to be asked often.
  public Map<KeyName, BigInteger> toppedUp() throws SQLException {
    return database.isNew() ? Map.of() : sums(TOPPED_UP, Reads.LITTLE);
  }

  /// What each key ever spent. Reads all events of the ledger once.
  public Map<KeyName, BigInteger> spent() throws SQLException {
    return sums(SPENT, Reads.MUCH);
  }

  private Map<KeyName, BigInteger> sums(String query, Reads reads) throws SQLException {
    Map<KeyName, BigInteger> sums = new HashMap<>();
    try (Connection connection = database.connectTo(reads);
        PreparedStatement statement = connection.prepareStatement(query);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        sums.put(new KeyName(rows.getString(1), rows.getString(2)), ExactSum.read(rows, 3));
      }
    }
    return sums;
  }

  private static boolean insert(TopUp topUp, Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, topUp.key().namespace());
      statement.setString(2, topUp.key().name());
      statement.setString(3, topUp.reference());
      statement.setLong(4, topUp.picoDollars());
      statement.setLong(5, topUp.atMillis());
      statement.setString(6, topUp.by());
      statement.setString(7, topUp.comment());
      return statement.executeUpdate() == 1;
    }
  }

  private static List<TopUp> list(KeyName key, Connection connection) throws SQLException {
    List<TopUp> topUps = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
      statement.setString(1, key.namespace());
      statement.setString(2, key.name());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          topUps.add(
              new TopUp(
                  key,
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getLong(3),
                  rows.getString(4),
                  rows.getString(5)));
        }
      }
    }
    return topUps;
  }
}
