package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Reads the view `usage` as a person would.
public final class Rows {
  private Rows() {}

  public static long count(LedgerDatabase database) throws SQLException {
    return Long.parseLong(column(database, "SELECT count(*) FROM usage").getFirst());
  }

  /// The first column of each row.
  public static List<String> column(LedgerDatabase database, String query) throws SQLException {
    try (Connection connection = database.connectTo(Reads.MUCH);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  static void execute(LedgerDatabase database, String sql) throws SQLException {
    try (Connection connection = database.connectToWrite();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// All columns of the first row.
  static List<String> first(LedgerDatabase database) throws SQLException {
    try (Connection connection = database.connectTo(Reads.MUCH);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM usage")) {
      List<String> values = new ArrayList<>();
      rows.next();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        values.add(rows.getString(i));
      }
      return values;
    }
  }
}
