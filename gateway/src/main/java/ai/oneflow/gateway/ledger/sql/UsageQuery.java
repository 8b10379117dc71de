package ai.oneflow.gateway.ledger.sql;

/// What a report is about.
///
/// @param sinceMillis the first millisecond since 1970 that counts
/// @param untilMillis the first one that counts no more
public record UsageQuery(UsageGroup group, long sinceMillis, long untilMillis) {
  public UsageQuery {
    if (sinceMillis > untilMillis) {
      throw new IllegalArgumentException("a report must not end before it begins");
    }
  }

  /// Of all time.
  public static UsageQuery all(UsageGroup group) {
    return new UsageQuery(group, 0, Long.MAX_VALUE);
  }
}
