package ai.oneflow.gateway.ops;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Understands when a report begins or ends: a day of some time zone, a moment of UTC, or some time
/// ago.
final class PointInTime {
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

  private PointInTime() {}

  /// In milliseconds since 1970.
  static long parse(String text, Instant now, ZoneId zone) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return now.minus(duration(Long.parseLong(ago.group(1)), ago.group(2).charAt(0)))
          .toEpochMilli();
    }
    try {
      Instant instant =
          text.contains("T")
              ? Instant.parse(text)
              : LocalDate.parse(text).atStartOfDay(zone).toInstant();
      return instant.toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "write a time as 2026-01-31, 2026-01-31T12:00:00Z, 24h or 7d, not " + text, e);
    }
  }

  private static Duration duration(long amount, char unit) {
    return switch (unit) {
      case 's' -> Duration.ofSeconds(amount);
      case 'm' -> Duration.ofMinutes(amount);
      case 'h' -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }
}
