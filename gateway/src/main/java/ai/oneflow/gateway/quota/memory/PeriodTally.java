package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Span.Bounds;
import ai.oneflow.gateway.quota.Taking.Refused;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts in the periods of a calendar, or for ever. A request belongs to the period that it was
/// admitted in, and settles there or, once that has ended, nowhere.
final class PeriodTally implements Tally {
  private static final Bounds FOR_EVER = new Bounds(0, Long.MAX_VALUE);
  private static final int HELD = 0;

  private final Span.@Nullable Calendar calendar;
  private Bounds period;

  /// Kept apart from what is held, so that no hold can ever take anything off it.
  private long settled;

  private final Sums held = new Sums(1);

  /// The thresholds that were told of in this period, by their percentages.
  private Map<Integer, Long> told = Map.of();

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
      settled = 0;
      held.clear(HELD);
      told = Map.of();
    }
  }

  @Override
  public long used(long nowMillis) {
    roll(nowMillis);
    return Tally.saturated(settled, held.get(HELD));
  }

  @Override
  public long settled(long nowMillis) {
    roll(nowMillis);
    return settled;
  }

  @Override
  public long hold(long amount, long nowMillis) {
    roll(nowMillis);
    held.add(HELD, amount);
    return period.start();
  }

  @Override
  public void settle(long place, long ofHeld, long ofUsed, long nowMillis) {
    roll(nowMillis);
    if (place != period.start()) {
      return;
    }
    held.take(HELD, ofHeld);
    settled = Tally.saturated(settled, ofUsed);
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
    return used(nowMillis) == 0;
  }

  /// Whether this threshold is to be told of now: none of as many percent was told of in this
  /// period that was as high.
  boolean tells(int percent, long threshold) {
    if (told.getOrDefault(percent, 0L) >= threshold) {
      return false;
    }
    told = new HashMap<>(told);
    told.put(percent, threshold);
    return true;
  }

  /// Counts from here on what is held and what comes. What was told of stays told.
  void forgetSettled(long nowMillis) {
    roll(nowMillis);
    settled = 0;
  }

  long periodStart() {
    return period.start();
  }
}
