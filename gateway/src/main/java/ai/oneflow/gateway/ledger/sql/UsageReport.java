package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase.Reads;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sums over the ledger, in order of their groups. Sums are exact, however large.
///
/// The time asked for is found by the table's key; all of it is read once.
public record UsageReport(List<UsageGroup> groups, List<Row> rows) {
  /// A quarter of an hour: the clocks of all zones differ by whole ones.
  static final long SLOT_MILLIS = 900_000;

  private static final int ROWS_AT_ONCE = 1_000;
  private static final Comparator<List<String>> IN_ORDER = UsageReport::compare;
  private static final String QUERY =
      """
      SELECT {groups}, count(*), {sums},
        sum(CASE WHEN ending.charge_state = 'priced' THEN 0 ELSE 1 END)
      FROM usage_event AS event
      JOIN usage_caller AS caller ON caller.id = event.caller_id
      JOIN usage_destination AS destination ON destination.id = event.destination_id
      JOIN usage_ending AS ending ON ending.id = event.ending_id
      WHERE event.id >= ? AND event.id < ?
      GROUP BY {places}""";
  private static final String SUMS =
      ExactSum.of("event.input_tokens")
          + ", "
          + ExactSum.of("event.output_tokens")
          + ", "
          + ExactSum.of("event.pico_dollars");

  public UsageReport {
    groups = List.copyOf(groups);
    rows = List.copyOf(rows);
  }

  /// One group's sums.
  ///
  /// @param values of the report's groups
  /// @param notPriced requests whose charge is not beyond doubt: unpriced, clamped, overflowed
  public record Row(
      List<String> values,
      long requests,
      BigInteger inputTokens,
      BigInteger outputTokens,
      BigInteger picoDollars,
      long notPriced) {

    /// Both together, under the name of this.
    public Row plus(Row other) {
      return new Row(
          values,
          requests + other.requests,
          inputTokens.add(other.inputTokens),
          outputTokens.add(other.outputTokens),
          picoDollars.add(other.picoDollars),
          notPriced + other.notPriced);
    }
  }

  /// All rows together.
  public Row total() {
    Row nothing = new Row(List.of(), 0, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, 0);
    return rows.stream().reduce(nothing, Row::plus);
  }

  /// Reads the ledger; makes and migrates nothing.
  public static UsageReport read(LedgerDatabase database, UsageQuery query) throws SQLException {
    Map<List<String>, Row> rows = new TreeMap<>(IN_ORDER);
    try (Connection connection = database.connectTo(Reads.MUCH)) {
      connection.setAutoCommit(false); // else PostgreSQL's driver takes all rows at once
      try (PreparedStatement statement = connection.prepareStatement(sql(query))) {
        statement.setFetchSize(ROWS_AT_ONCE);
        database.dialect().bind(statement, 1, query.interval().firstId());
        database.dialect().bind(statement, 2, query.interval().endId());
        try (ResultSet results = statement.executeQuery()) {
          while (results.next()) {
            Row row = row(query, results);
            rows.merge(row.values, row, Row::plus);
          }
        }
      }
    }
    return new UsageReport(query.groups(), List.copyOf(rows.values()));
  }

  private static String sql(UsageQuery query) {
    List<UsageGroup> groups = query.groups();
    String expressions =
        groups.stream().map(UsageGroup::expression).collect(Collectors.joining(", "));
    String places =
        IntStream.rangeClosed(1, groups.size())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "));
    return QUERY
        .replace("{groups}", expressions)
        .replace("{sums}", SUMS)
        .replace("{places}", places);
  }

  private static Row row(UsageQuery query, ResultSet results) throws SQLException {
    int at = 0;
    List<String> values = new ArrayList<>();
    for (UsageGroup group : query.groups()) {
      String value = results.getString(++at);
      values.add(group == UsageGroup.DAY ? day(Long.parseLong(value), query.zone()) : value);
    }
    return new Row(
        List.copyOf(values),
        results.getLong(at + 1),
        ExactSum.read(results, at + 2),
        ExactSum.read(results, at + 4),
        ExactSum.read(results, at + 6),
        results.getLong(at + 8));
  }

  private static String day(long slot, ZoneId zone) {
    return Instant.ofEpochMilli(slot * SLOT_MILLIS).atZone(zone).toLocalDate().toString();
  }

  private static int compare(List<String> one, List<String> other) {
    for (int i = 0; i < one.size(); i++) {
      int order = one.get(i).compareTo(other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }
}
