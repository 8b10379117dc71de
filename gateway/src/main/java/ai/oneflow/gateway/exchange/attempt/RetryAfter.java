package ai.oneflow.gateway.exchange.attempt;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a provider says to come again: `Retry-After` in seconds or as a date (RFC 9110 section
/// 10.2.3), and before that `retry-after-ms`, which OpenAI and Azure send for its finer grain.
final class RetryAfter {
  private static final AsciiString MILLIS = AsciiString.cached("retry-after-ms");

  /// What no provider means.
  private static final long MOST_MILLIS = Duration.ofDays(1).toMillis();

  /// `Sun Nov  6 08:49:37 1994`.
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private RetryAfter() {}

  /// Empty where the provider says nothing, or what is no time.
  static Optional<Duration> of(HttpHeaders headers, long nowMillis) {
    Double millis = number(headers.get(MILLIS));
    String value = headers.get(HttpHeaderNames.RETRY_AFTER);
    Double seconds = number(value);
    if (millis != null) {
      return Optional.of(bounded(millis));
    }
    if (seconds != null) {
      return Optional.of(bounded(seconds * 1000));
    }
    return value == null
        ? Optional.empty()
        : date(value, nowMillis).map(at -> bounded(at - nowMillis));
  }

  /// In any of the three forms that RFC 9110 section 5.6.7 has recipients read.
  private static Optional<Long> date(String value, long nowMillis) {
    String text = value.trim();
    return parsed(RFC_1123_DATE_TIME, text)
        .or(() -> parsed(ASCTIME, text))
        .or(() -> parsed(rfc850(nowMillis), text));
  }

  private static Optional<Long> parsed(DateTimeFormatter form, String value) {
    try {
      return Optional.of(Instant.from(form.parse(value)).toEpochMilli());
    } catch (DateTimeException | ArithmeticException _) {
      return Optional.empty();
    }
  }

  /// `Sunday, 06-Nov-94 08:49:37 GMT`. A year of two digits that would lie more than 50 years ahead
  /// is one of the past.
  private static DateTimeFormatter rfc850(long nowMillis) {
    LocalDate now = LocalDate.ofInstant(Instant.ofEpochMilli(nowMillis), ZoneOffset.UTC);
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, now.minusYears(49))
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.ENGLISH)
        .withZone(ZoneOffset.UTC);
  }

  /// Some send a fraction, against the RFC.
  private static @Nullable Double number(@Nullable String value) {
    if (value == null || value.isBlank() || value.length() > 32) {
      return null;
    }
    try {
      double number = Double.parseDouble(value.trim());
      return number >= 0 ? number : null;
    } catch (NumberFormatException _) {
      return null;
    }
  }

  private static Duration bounded(double millis) {
    return bounded((long) Math.ceil(millis));
  }

  private static Duration bounded(long millis) {
    return Duration.ofMillis(Math.clamp(millis, 0, MOST_MILLIS));
  }
}
