package ai.oneflow.gateway.quota.memory;

import ai.oneflow.gateway.quota.Span;
import ai.oneflow.gateway.quota.Taking.Refused;

/// Counts in the slots of a sliding window; see [Span.Sliding].
final class SlidingTally implements Tally {
  /// A full window, and the slot that it slides into.
  private static final int RING = Span.Sliding.SLOTS + 1;

  private final long slotMillis;
  private final long[] amounts = new long[RING];
  private long slot;
  private long sum;

  SlidingTally(Span.Sliding span, long nowMillis) {
    slotMillis = span.slotMillis();
    slot = Math.floorDiv(nowMillis, slotMillis);
  }

  @Override
  public long used(long nowMillis) {
    long now = Math.floorDiv(nowMillis, slotMillis);
    long passed = Math.min(now - slot, RING);
    for (long i = 1; i <= passed; i++) {
      int index = index(slot + i);
      sum -= amounts[index];
      amounts[index] = 0;
    }
    slot = Math.max(slot, now);
    return sum;
  }

  @Override
  public long held(long nowMillis) {
    return 0;
  }

  @Override
  public long hold(long amount, long nowMillis) {
    used(nowMillis);
    add(slot, amount);
    return slot;
  }

  /// The sum of all slots stays what they hold, so an amount that does not fit is cut there.
  private void add(long place, long amount) {
    long room = Long.MAX_VALUE - sum;
    long added = Math.min(amount, room);
    amounts[index(place)] += added;
    sum += added;
  }

  @Override
  public void settle(long place, long held, long used, long nowMillis) {
    used(nowMillis);
    if (place <= slot - RING || place > slot) {
      return;
    }
    long back = Math.min(held, amounts[index(place)]);
    amounts[index(place)] -= back;
    sum -= back;
    add(place, used);
  }

  @Override
  public long millisUntilFits(long amount, long most, long nowMillis) {
    if (amount > most) {
      return Refused.NEVER;
    }
    long left = used(nowMillis);
    for (long oldest = slot - RING + 1; oldest <= slot && left > most - amount; oldest++) {
      left -= amounts[index(oldest)];
      if (left <= most - amount) {
        return (oldest + RING) * slotMillis - nowMillis;
      }
    }
    return 0;
  }

  @Override
  public long millisUntilEmpty(long nowMillis) {
    if (used(nowMillis) == 0) {
      return 0;
    }
    long newest = slot;
    while (amounts[index(newest)] == 0) {
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
