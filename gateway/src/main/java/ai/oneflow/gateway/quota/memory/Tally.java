package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;

/// One counter. Time never goes back for it: an earlier instant than the last is taken as the last.
/// A sum that does not fit 64 bits is told as the largest number, and kept as it is. Not
/// thread-safe.
sealed interface Tally permits SlidingTally, PeriodTally {

  static Tally of(Span span, long nowMillis) {
    return switch (span) {
      case Span.Sliding sliding -> new SlidingTally(sliding, nowMillis);
      case Span.Calendar calendar -> new PeriodTally(calendar);
      case Span.Whole() -> new PeriodTally();
    };
  }

  /// What counts at this instant, what is held included.
  long used(long nowMillis);

  /// How much of it is not held by requests under way; all of it where that is not kept apart.
  long settled(long nowMillis);

  /// Counts `amount` as held, and says where; see [ai.oneflow.gateway.quota.Hold#place].
  long hold(long amount, long nowMillis);

  /// Puts `used` in the place of `held` at this place, if the span still holds it.
  void settle(long place, long held, long used, long nowMillis);

  /// Until `amount` fits below `most`, if nothing comes meanwhile;
  /// [ai.oneflow.gateway.quota.Taking.Refused#NEVER] where it does not by itself.
  long millisUntilFits(long amount, long most, long nowMillis);

  /// Until nothing counts any more, if nothing comes meanwhile; 0 where that never comes.
  long millisUntilEmpty(long nowMillis);

  /// Whether nothing would be lost if it were forgotten.
  boolean isIdle(long nowMillis);

  /// Whether `amount` more fits into the limit.
  default boolean fits(long amount, Limit limit, long nowMillis) {
    return amount <= limit.amount() - Math.min(limit.amount(), used(nowMillis));
  }

  /// The sum, or the largest number where it does not fit. Neither is negative.
  static long saturated(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
