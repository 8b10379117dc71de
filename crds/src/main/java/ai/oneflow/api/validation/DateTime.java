package ai.oneflow.api.validation;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Pattern;

/// A moment as RFC 3339 writes it.
final class DateTime {
  private static final Pattern SHAPE =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?"
              + "(Z|[+-][0-9]{2}:[0-9]{2})");

  private DateTime() {}

  static boolean isWellFormed(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    if (!SHAPE.matcher(upper).matches()) {
      return false;
    }
    try {
      OffsetDateTime.parse(upper);
      return true;
    } catch (DateTimeException _) {
      return false;
    }
  }
}
