package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/// Adds rows to `usage_attempt`, many at once, in the transaction of its user. One thread only.
final class FailedAttemptRows implements AutoCloseable {
  private static final int ROWS_AT_ONCE = 4_000;
  private static final String INSERT =
      """
      INSERT INTO usage_attempt (
        event_id, ordinal, destination_id, outcome, probable_pico_dollars)
      VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING""";

  private final SqlDialect dialect;
  private final PreparedStatement statement;
  private int rows;

  FailedAttemptRows(SqlDialect dialect, Connection connection) throws SQLException {
    this.dialect = dialect;
    this.statement = connection.prepareStatement(INSERT);
  }

  /// @param destinations their numbers, one for each of the event's failed attempts
  void add(UsageEvent event, List<Long> destinations) throws SQLException {
    for (int i = 0; i < destinations.size(); i++) {
      FailedAttempt attempt = event.failed().get(i);
      dialect.bind(statement, 1, event.id());
      statement.setInt(2, i + 1);
      statement.setLong(3, destinations.get(i));
      statement.setString(4, attempt.outcome().label());
      statement.setLong(5, attempt.probablePicoDollars());
      statement.addBatch();
      rows++;
    }
    if (rows >= ROWS_AT_ONCE) {
      flush();
    }
  }

  /// Sends what is left.
  void flush() throws SQLException {
    statement.executeBatch();
    rows = 0;
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
