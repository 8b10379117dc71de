package ai.oneflow.gateway.exchange.admit;

/// Counts events in a sliding window of time, in [#SLOTS] slots. A slot counts until its last
/// instant has left the window, so that no window of the stated length, wherever it lies, ever
/// holds more than was admitted by this count; the price is that an event is forgotten up to a 60th
/// of the window late. Not thread-safe.
final class SlidingWindow {
  static final int SLOTS = 60;

  private final long slotNanos;
  private final long[] counts = new long[SLOTS + 1];
  private long slot;
  private long newest;
  private long sum;

  SlidingWindow(long windowNanos, long nowNanos) {
    slotNanos = Math.max(1, Math.ceilDiv(windowNanos, SLOTS));
    slot = Math.floorDiv(nowNanos, slotNanos);
  }

  /// How many events the window holds.
  long count(long nowNanos) {
    long now = Math.floorDiv(nowNanos, slotNanos);
    long passed = Math.min(now - slot, counts.length);
    for (long i = 1; i <= passed; i++) {
      int index = index(slot + i);
      sum -= counts[index];
      counts[index] = 0;
    }
    if (passed > 0) {
      slot = now;
    }
    return sum;
  }

  void add(long nowNanos) {
    count(nowNanos);
    counts[index(slot)]++;
    newest = slot;
    sum++;
  }

  /// Until fewer than `most` events are left, if none comes meanwhile.
  long nanosUntilBelow(long most, long nowNanos) {
    long left = count(nowNanos);
    for (long oldest = slot - SLOTS; oldest <= slot && left >= most; oldest++) {
      left -= counts[index(oldest)];
      if (left < most) {
        return (oldest + counts.length) * slotNanos - nowNanos;
      }
    }
    return 0;
  }

  /// Until no event is left, if none comes meanwhile.
  long nanosUntilEmpty(long nowNanos) {
    return count(nowNanos) == 0 ? 0 : (newest + counts.length) * slotNanos - nowNanos;
  }

  private int index(long of) {
    return Math.floorMod(of, counts.length);
  }
}
