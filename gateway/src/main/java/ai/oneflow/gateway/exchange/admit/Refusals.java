package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Taking.Refused;
import ai.oneflow.gateway.quota.Unit;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// What a caller is told whom a limit refuses: which one, how much is left, and when it opens.
final class Refusals {
  /// When to come again for what requests under way hold: they may use less than that.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final int DECIMALS_OF_A_CREDIT = 10;

  private Refusals() {}

  static GatewayError of(Ask ask, Refused refused) {
    Limit limit = refused.standing().limit();
    return new GatewayError(
        code(limit, refused), message(ask, refused), "", retryAfter(limit, refused));
  }

  static GatewayError unreachable(Limit limit) {
    return GatewayError.retryAfter(
        ErrorCode.LIMITS_UNAVAILABLE,
        SOON,
        "The limit on "
            + limit.unit().label()
            + " of "
            + limit.subject()
            + " cannot be checked at present.");
  }

  /// What is spent is 402; what will open again, or may be given back, is 429.
  private static ErrorCode code(Limit limit, Refused refused) {
    return switch (limit.unit()) {
      case REQUESTS -> ErrorCode.RATE_LIMIT_EXCEEDED;
      case CONCURRENT -> ErrorCode.CONCURRENCY_LIMIT_EXCEEDED;
      case TOKENS -> ErrorCode.QUOTA_EXCEEDED;
      case PREPAID -> refused.held() ? ErrorCode.QUOTA_EXCEEDED : ErrorCode.CREDITS_EXHAUSTED;
      case CREDITS ->
          limit.span() instanceof Span.Sliding || refused.held()
              ? ErrorCode.QUOTA_EXCEEDED
              : ErrorCode.BUDGET_EXCEEDED;
    };
  }

  private static Optional<Duration> retryAfter(Limit limit, Refused refused) {
    if (limit.unit() == Unit.CONCURRENT || refused.held()) {
      return Optional.of(SOON);
    }
    return refused.opensMillis() == Refused.NEVER
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(refused.opensMillis()));
  }

  private static String message(Ask ask, Refused refused) {
    Limit limit = refused.standing().limit();
    String what =
        "The limit of "
            + amount(limit, limit.amount())
            + span(limit.span())
            + " for "
            + limit.subject();
    if (limit.unit() == Unit.CONCURRENT || limit.unit() == Unit.REQUESTS) {
      return what + " is reached.";
    }
    String wanted = amount(limit, ask.of(limit));
    if (ask.of(limit) > limit.amount()) {
      return what + " is less than this request may use, " + wanted + ".";
    }
    return "%s has %s left, and this request may use %s.%s"
        .formatted(
            what,
            amount(limit, refused.standing().left()),
            wanted,
            refused.held() ? " Requests under way hold the rest." : "");
  }

  private static String amount(Limit limit, long amount) {
    return switch (limit.unit()) {
      case REQUESTS -> plural(amount, "request");
      case CONCURRENT -> plural(amount, "request") + " at once";
      case TOKENS -> plural(amount, "token");
      case PREPAID -> credits(amount) + " that were topped up";
      case CREDITS -> credits(amount);
    };
  }

  private static String credits(long amount) {
    return BigDecimal.valueOf(amount, DECIMALS_OF_A_CREDIT).stripTrailingZeros().toPlainString()
        + " credits";
  }

  private static String plural(long amount, String noun) {
    return amount + " " + (amount == 1 ? noun : noun + "s");
  }

  private static String span(Span span) {
    return switch (span) {
      case Span.Sliding(long millis) -> " in " + Duration.ofMillis(millis).toSeconds() + " seconds";
      case Span.Calendar(var period, var zone) ->
          " a " + period.name().toLowerCase(Locale.ROOT) + " (" + zone + ")";
      case Span.Whole() -> "";
    };
  }
}
