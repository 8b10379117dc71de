package ai.oneflow.cli.show;

import java.time.Duration;

/// Lengths of time as people write and read them here: `30s`, `12m`, `5h`, `7d`.
public final class Span {
  private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
  private static final Duration TWO_HOURS = Duration.ofHours(2);
  private static final Duration TWO_DAYS = Duration.ofDays(2);

  private Span() {}

  /// In the largest unit of which there are two, as in kubectl's column AGE; `0s` below nothing.
  public static String shown(Duration span) {
    if (span.isNegative()) {
      return "0s";
    }
    if (span.compareTo(TWO_MINUTES) < 0) {
      return span.toSeconds() + "s";
    }
    if (span.compareTo(TWO_HOURS) < 0) {
      return span.toMinutes() + "m";
    }
    return span.compareTo(TWO_DAYS) < 0 ? span.toHours() + "h" : span.toDays() + "d";
  }

  /// What a resource or a person says.
  ///
  /// @throws IllegalArgumentException with a sentence for a person
  public static Duration parse(String text) {
    if (!text.matches("[0-9]{1,9}(ms|s|m|h|d)")) {
      throw new IllegalArgumentException("'" + text + "' is no length of time, as in 30s or 7d");
    }
    String unit = text.replaceAll("[0-9]", "");
    long count = Long.parseLong(text.substring(0, text.length() - unit.length()));
    return switch (unit) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
