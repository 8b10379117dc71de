package ai.oneflow.gateway.exchange.admit;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.snapshot.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The windows of one key; at least one. All of its limits are checked and taken together, or none
/// is. The lock is held for some tens of nanoseconds and contended only where one key calls through
/// two event loops at the same instant.
final class RequestLimits {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final List<RateLimit> limits;
  private final SlidingWindow[] windows;

  RequestLimits(List<RateLimit> limits, long nowNanos) {
    this.limits = limits;
    windows = new SlidingWindow[limits.size()];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = new SlidingWindow(limits.get(i).window().toNanos(), nowNanos);
    }
  }

  List<RateLimit> limits() {
    return limits;
  }

  synchronized Admission take(long nowNanos) {
    int full = firstFull(nowNanos);
    if (full >= 0) {
      return denied(full, nowNanos);
    }
    for (SlidingWindow window : windows) {
      window.add(nowNanos);
    }
    return new Admission.Granted(tightest(nowNanos));
  }

  private int firstFull(long nowNanos) {
    int longest = -1;
    long wait = -1;
    for (int i = 0; i < windows.length; i++) {
      long amount = limits.get(i).amount();
      if (windows[i].count(nowNanos) >= amount) {
        long opens = windows[i].nanosUntilBelow(amount, nowNanos);
        if (opens > wait) {
          wait = opens;
          longest = i;
        }
      }
    }
    return longest;
  }

  private Admission denied(int full, long nowNanos) {
    RateLimit limit = limits.get(full);
    long opens =
        limit.amount() == 0
            ? limit.window().toNanos()
            : windows[full].nanosUntilBelow(limit.amount(), nowNanos);
    String message =
        "Limit of %d requests in %d seconds reached for this key."
            .formatted(limit.amount(), limit.window().toSeconds());
    return new Admission.Denied(
        GatewayError.retryAfter(ErrorCode.RATE_LIMIT_EXCEEDED, Duration.ofNanos(opens), message),
        Optional.of(standing(full, nowNanos)));
  }

  private Optional<Admission.Standing> tightest(long nowNanos) {
    int tightest = 0;
    for (int i = 1; i < windows.length; i++) {
      if (remaining(i, nowNanos) < remaining(tightest, nowNanos)) {
        tightest = i;
      }
    }
    return Optional.of(standing(tightest, nowNanos));
  }

  private long remaining(int i, long nowNanos) {
    return Math.max(0, limits.get(i).amount() - windows[i].count(nowNanos));
  }

  private Admission.Standing standing(int i, long nowNanos) {
    return new Admission.Standing(
        limits.get(i).amount(),
        remaining(i, nowNanos),
        windows[i].nanosUntilEmpty(nowNanos) / NANOS_PER_MILLI);
  }
}
