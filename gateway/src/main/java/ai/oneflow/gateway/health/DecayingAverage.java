package ai.oneflow.gateway.health;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// An average in which a new value weighs a fixed part, and which drifts back to what was expected
/// at first while none comes: what was seen an hour ago says little about now. Thread-safe without
/// a lock; value and time of the last change share one word.
final class DecayingAverage {
  /// A unit of time: 2^24 ns, some 17 ms. 31 bits of them are more than a year.
  private static final int NANOS_SHIFT = 24;

  private static final double LN_2 = Math.log(2);

  private final double expected;
  private final double weight;
  private final double halfLife;
  private final AtomicLong state;

  /// @param expected until there are values, and long after the last one
  /// @param weight of a new value, above 0 and at most 1
  /// @param halfLifeMillis in which half of the way back to what was expected is gone
  DecayingAverage(double expected, double weight, long halfLifeMillis, long nowNanos) {
    this.expected = expected;
    this.weight = weight;
    this.halfLife = TimeUnit.MILLISECONDS.toNanos(halfLifeMillis) >> NANOS_SHIFT;
    this.state = new AtomicLong(word(expected, time(nowNanos)));
  }

  double at(long nowNanos) {
    return valueAt(state.get(), time(nowNanos));
  }

  void add(double value, long nowNanos) {
    int now = time(nowNanos);
    long former = state.get();
    while (!state.compareAndSet(former, word(next(former, value, now), now))) {
      former = state.get();
    }
  }

  private double next(long former, double value, int now) {
    double known = valueAt(former, now);
    return known + weight * (value - known);
  }

  private double valueAt(long word, int now) {
    double value = Float.intBitsToFloat((int) (word >>> 32));
    int age = now - (int) word;
    if (age <= 0 || value == expected) {
      return value;
    }
    return expected + (value - expected) * Math.exp(-LN_2 * age / halfLife);
  }

  private static int time(long nanos) {
    return (int) (nanos >> NANOS_SHIFT);
  }

  private static long word(double value, int time) {
    return (long) Float.floatToRawIntBits((float) value) << 32 | Integer.toUnsignedLong(time);
  }
}
