package ai.oneflow.gateway.ledger.sql;

import ai.oneflow.gateway.ledger.EventId;

/// A stretch of time, by when requests began.
///
/// @param sinceMillis the first millisecond since 1970 that counts
/// @param untilMillis the first one that counts no more
public record Interval(long sinceMillis, long untilMillis) {
  /// All that there is.
  public static final Interval EVER = new Interval(0, Long.MAX_VALUE);

  public Interval {
    if (sinceMillis > untilMillis) {
      throw new IllegalArgumentException("an interval must not end before it begins");
    }
  }

  /// Events of the interval have this id or a later one. Ids ascend with time, so the table's key
  /// finds them and no other index is needed.
  EventId firstId() {
    return EventId.firstOf(sinceMillis);
  }

  /// … and an earlier one than this.
  EventId endId() {
    return EventId.firstOf(untilMillis);
  }
}
