package ai.oneflow.tests.endtoend;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A gateway's ledger, read as its owner's other programs would read it.
///
/// @param url JDBC's
record Ledger(String url) {

  /// What one usage event says.
  record Line(
      String surface,
      String model,
      String outcome,
      int status,
      boolean streamed,
      String chargeState,
      long picoDollars) {}

  /// The lines of a key's requests in order, once there are as many as that.
  List<Line> lines(String keyName, int count) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .until(() -> read(keyName), lines -> lines.size() >= count);
  }

  private List<Line> read(String keyName) throws SQLException {
    List<Line> lines = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement query =
            connection.prepareStatement("SELECT * FROM usage WHERE key_name = ? ORDER BY id")) {
      query.setString(1, keyName);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          lines.add(line(rows));
        }
      }
    }
    return lines;
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        row.getString("surface"),
        row.getString("public_model"),
        row.getString("outcome"),
        row.getInt("http_status"),
        row.getInt("streamed") != 0,
        row.getString("charge_state"),
        row.getLong("pico_dollars"));
  }
}
