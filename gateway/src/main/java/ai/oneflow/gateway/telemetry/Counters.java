package ai.oneflow.gateway.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/// A counter for each value of an enum: an index instead of a look-up.
final class Counters<E extends Enum<E>> {
  private final LongAdder[] adders;

  Counters(E[] values) {
    adders = new LongAdder[values.length];
    Arrays.setAll(adders, i -> new LongAdder());
  }

  void increment(E value) {
    at(value).increment();
  }

  void add(E value, long amount) {
    if (amount != 0) {
      at(value).add(amount);
    }
  }

  long of(E value) {
    return at(value).sum();
  }

  /// The ordinal lives no longer than the process, so it cannot change its meaning.
  @SuppressWarnings("EnumOrdinal")
  private LongAdder at(E value) {
    return adders[value.ordinal()];
  }
}
