package ai.oneflow.gateway.ledger.sql;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/// What a report is about.
///
/// @param groups what it sums up by, together; each once
/// @param zone whose days are meant
public record UsageQuery(List<UsageGroup> groups, Interval interval, ZoneId zone) {
  public UsageQuery {
    groups = List.copyOf(groups);
    if (groups.isEmpty() || groups.stream().distinct().count() < groups.size()) {
      throw new IllegalArgumentException("a report is by one group or several, each once");
    }
  }

  /// Of all time, by days of UTC.
  public static UsageQuery all(UsageGroup... groups) {
    return new UsageQuery(List.of(groups), Interval.EVER, ZoneOffset.UTC);
  }
}
