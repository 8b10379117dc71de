package ai.oneflow.gateway.ledger.sql;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/// Sums over the ledger, in order of the group.
///
/// A sum of 64-bit numbers may not fit 64 bits, on which SQLite gives up. So each number is summed
/// in two halves, thousand millions and the rest, which are put together here.
public record UsageReport(UsageGroup group, List<Row> rows) {
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);
  private static final String QUERY =
      """
      SELECT {group} AS grp, count(*),
        sum(input_tokens / 1000000000), sum(input_tokens % 1000000000),
        sum(output_tokens / 1000000000), sum(output_tokens % 1000000000),
        sum(pico_dollars / 1000000000), sum(pico_dollars % 1000000000),
        sum(CASE WHEN charge_state = 'priced' THEN 0 ELSE 1 END)
      FROM usage
      WHERE started_at_ms >= ? AND started_at_ms < ?
      GROUP BY grp ORDER BY grp""";

  public UsageReport {
    rows = List.copyOf(rows);
  }

  /// One group's sums.
  ///
  /// @param notPriced requests whose charge is not beyond doubt: unpriced, clamped, overflowed
  public record Row(
      String group,
      long requests,
      BigInteger inputTokens,
      BigInteger outputTokens,
      BigInteger picoDollars,
      long notPriced) {}

  /// Reads the ledger; makes and migrates nothing.
  public static UsageReport read(LedgerDatabase database, UsageQuery query) throws SQLException {
    String sql = QUERY.replace("{group}", query.group().expression());
    try (Connection connection = database.connectToRead();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, query.sinceMillis());
      statement.setLong(2, query.untilMillis());
      try (ResultSet results = statement.executeQuery()) {
        List<Row> rows = new ArrayList<>();
        while (results.next()) {
          rows.add(row(query.group(), results));
        }
        return new UsageReport(query.group(), rows);
      }
    }
  }

  private static Row row(UsageGroup group, ResultSet results) throws SQLException {
    int at = 0;
    String name = results.getString(++at);
    String shown =
        group == UsageGroup.DAY ? LocalDate.ofEpochDay(Long.parseLong(name)).toString() : name;
    return new Row(
        shown,
        results.getLong(++at),
        sum(results.getString(++at), results.getString(++at)),
        sum(results.getString(++at), results.getString(++at)),
        sum(results.getString(++at), results.getString(++at)),
        results.getLong(++at));
  }

  private static BigInteger sum(String billions, String rest) {
    return new BigInteger(billions).multiply(BILLION).add(new BigInteger(rest));
  }
}
