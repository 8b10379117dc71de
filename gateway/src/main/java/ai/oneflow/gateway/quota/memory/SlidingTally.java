package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Taking.Refused;

/// Counts in the slots of a sliding window; see [Span.Sliding].
final class SlidingTally implements Tally {
  /// A full window, and the slot that it slides into.
  private static final int RING = Span.Sliding.SLOTS + 1;

  /// The sum of all slots, behind them.
  private static final int ALL = RING;

  private final long slotMillis;
  private final Sums amounts = new Sums(RING + 1);
  private long slot;

  SlidingTally(Span.Sliding span, long nowMillis) {
    slotMillis = span.slotMillis();
    slot = Math.floorDiv(nowMillis, slotMillis);
  }

  @Override
  public long used(long nowMillis) {
    long now = Math.floorDiv(nowMillis, slotMillis);
    long passed = Math.min(now - slot, RING);
    for (long i = 1; i <= passed; i++) {
      amounts.clear(index(slot + i), ALL);
    }
    slot = Math.max(slot, now);
    return amounts.get(ALL);
  }

  @Override
  public long settled(long nowMillis) {
    return used(nowMillis);
  }

  @Override
  public long hold(long amount, long nowMillis) {
    used(nowMillis);
    add(slot, amount);
    return slot;
  }

  private void add(long place, long amount) {
    amounts.add(index(place), amount);
    amounts.add(ALL, amount);
  }

  @Override
  public void settle(long place, long held, long used, long nowMillis) {
    used(nowMillis);
    if (place <= slot - RING || place > slot) {
      return;
    }
    long back = Math.min(held, amounts.get(index(place)));
    amounts.take(index(place), back);
    amounts.take(ALL, back);
    add(place, used);
  }

  @Override
  public long millisUntilFits(long amount, long most, long nowMillis) {
    if (amount > most) {
      return Refused.NEVER;
    }
    if (used(nowMillis) <= most - amount) {
      return 0;
    }
    long newest = slot;
    long kept = amounts.get(index(newest));
    while (kept <= most - amount) {
      newest--;
      kept = Tally.saturated(kept, amounts.get(index(newest)));
    }
    return (newest + RING) * slotMillis - nowMillis;
  }

  @Override
  public long millisUntilEmpty(long nowMillis) {
    if (used(nowMillis) == 0) {
      return 0;
    }
    long newest = slot;
    while (amounts.get(index(newest)) == 0) {
      newest--;
    }
    return (newest + RING) * slotMillis - nowMillis;
  }

  @Override
  public boolean isIdle(long nowMillis) {
    return used(nowMillis) == 0;
  }

  private static int index(long of) {
    return Math.floorMod(of, RING);
  }
}
