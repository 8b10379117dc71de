package ai.oneflow.gateway.ledger.sql;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;

/// A sum of 64-bit numbers, which may not fit 64 bits: SQLite gives up on it then. So each number
/// is summed in two halves, thousand millions and the rest, which are put together here.
final class ExactSum {
  private static final BigInteger BILLION = BigInteger.valueOf(1_000_000_000);
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private ExactSum() {}

  /// The two columns that [#read] takes; a sum over no rows is zero.
  static String of(String number) {
    return "coalesce(sum(%1$s / 1000000000), 0), coalesce(sum(%1$s %% 1000000000), 0)"
        .formatted(number);
  }

  /// Puts the column and the one after it together.
  static BigInteger read(ResultSet row, int column) throws SQLException {
    BigInteger billions = new BigInteger(row.getString(column));
    return billions.multiply(BILLION).add(new BigInteger(row.getString(column + 1)));
  }

  /// What does not fit 64 bits is more than any limit allows.
  static long bounded(BigInteger sum) {
    return sum.min(MOST).longValue();
  }
}
