package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.Interval;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// The time that a report is about, as a person writes it.
///
/// @param zone of its days
record Period(Interval interval, ZoneId zone) {

  /// Understands it.
  ///
  /// @param since empty: from the beginning
  /// @param until empty: to the end
  /// @param zone empty: UTC
  /// @throws IllegalArgumentException that says what to write instead
  static Period parse(String since, String until, String zone, Instant now) {
    ZoneId days = zone(zone);
    long from = since.isEmpty() ? 0 : PointInTime.parse(since, now, days);
    long to = until.isEmpty() ? Long.MAX_VALUE : PointInTime.parse(until, now, days);
    return new Period(new Interval(from, to), days);
  }

  private static ZoneId zone(String name) {
    try {
      return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "write a time zone as Europe/Berlin or UTC, not " + name, e);
    }
  }
}
