package ai.oneflow.gateway.exchange.attempt;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// When a provider says to come again: `Retry-After` in seconds or as a date (RFC 9110 section
/// 10.2.3), and before that `retry-after-ms`, which OpenAI and Azure send for its finer grain.
final class RetryAfter {
  private static final AsciiString MILLIS = AsciiString.cached("retry-after-ms");

  /// What no provider means.
  private static final long MOST_MILLIS = Duration.ofDays(1).toMillis();

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
    return value == null ? Optional.empty() : date(value).map(at -> bounded(at - nowMillis));
  }

  /// In the form that RFC 9110 section 5.6.7 demands of senders.
  private static Optional<Long> date(String value) {
    try {
      return Optional.of(
          Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.trim())).toEpochMilli());
    } catch (DateTimeException | ArithmeticException _) {
      return Optional.empty();
    }
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
