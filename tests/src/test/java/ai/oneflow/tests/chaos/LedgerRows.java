package ai.oneflow.tests.chaos;

import static java.util.stream.Collectors.groupingBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A ledger, read as its owner's other programs would read it.
///
/// @param url JDBC's
record LedgerRows(String url) {

  /// What one usage event says.
  ///
  /// @param request the plan's index, which key and model stand for
  record Row(
      String id,
      int request,
      String outcome,
      int status,
      String source,
      long input,
      long cached,
      long output,
      String chargeState,
      long picoDollars) {}

  /// All rows by the request that they belong to.
  Map<Integer, List<Row>> byRequest() throws SQLException {
    List<Row> all = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM usage ORDER BY id")) {
      while (rows.next()) {
        all.add(row(rows));
      }
    }
    return all.stream().collect(groupingBy(Row::request));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString("id"),
        new Pair(row.getString("key_name"), row.getString("public_model")).request(),
        row.getString("outcome"),
        row.getInt("http_status"),
        row.getString("usage_source"),
        row.getLong("input_tokens"),
        row.getLong("cached_input_tokens"),
        row.getLong("output_tokens"),
        row.getString("charge_state"),
        row.getLong("pico_dollars"));
  }
}
