package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Span.Bounds;
import ai.oneflow.gateway.quota.Taking.Refused;
import org.jspecify.annotations.Nullable;

/// Counts in the periods of a calendar, or for ever. A request belongs to the period that it was
/// admitted in, and settles there or, once that has ended, nowhere.
final class PeriodTally implements Tally {
  private static final Bounds FOR_EVER = new Bounds(0, Long.MAX_VALUE);

  private final Span.@Nullable Calendar calendar;
  private Bounds period;
  private long used;
  private long held;

  PeriodTally() {
    calendar = null;
    period = FOR_EVER;
  }

  PeriodTally(Span.Calendar calendar) {
    this.calendar = calendar;
    period = new Bounds(0, 0);
  }

  private void roll(long nowMillis) {
    if (calendar != null && nowMillis >= period.end()) {
      period = calendar.at(nowMillis);
      used = 0;
      held = 0;
    }
  }

  @Override
  public long used(long nowMillis) {
    roll(nowMillis);
    return used;
  }

  @Override
  public long held(long nowMillis) {
    roll(nowMillis);
    return held;
  }

  @Override
  public long hold(long amount, long nowMillis) {
    roll(nowMillis);
    used = Tally.saturated(used, amount);
    held = Tally.saturated(held, amount);
    return period.start();
  }

  @Override
  public void settle(long place, long ofHeld, long ofUsed, long nowMillis) {
    roll(nowMillis);
    if (place != period.start()) {
      return;
    }
    held -= Math.min(held, ofHeld);
    used = Tally.saturated(used - Math.min(used, ofHeld), ofUsed);
  }

  @Override
  public long millisUntilFits(long amount, long most, long nowMillis) {
    roll(nowMillis);
    return calendar == null || amount > most ? Refused.NEVER : period.end() - nowMillis;
  }

  @Override
  public long millisUntilEmpty(long nowMillis) {
    roll(nowMillis);
    return calendar == null ? 0 : period.end() - nowMillis;
  }

  /// One that never ends is never idle: it is what was spent.
  @Override
  public boolean isIdle(long nowMillis) {
    roll(nowMillis);
    return used == 0;
  }

  /// Counts from here on what is held and what comes.
  void forgetSettled(long nowMillis) {
    roll(nowMillis);
    used = held;
  }

  long periodStart() {
    return period.start();
  }
}
