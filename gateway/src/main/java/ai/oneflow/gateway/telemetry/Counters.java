package ai.oneflow.gateway.telemetry;

import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;

/// A counter for each value of an enum: an index instead of a look-up. Exact up to 2⁵³, as all that
/// Prometheus knows; a `long` would wrap at a provider's garbage, and a negative counter breaks the
/// page.
final class Counters<E extends Enum<E>> {
  private final DoubleAdder[] adders;

  Counters(E[] values) {
    adders = new DoubleAdder[values.length];
    Arrays.setAll(adders, i -> new DoubleAdder());
  }

  void increment(E value) {
    at(value).add(1);
  }

  void add(E value, long amount) {
    if (amount != 0) {
      at(value).add((double) amount);
    }
  }

  double of(E value) {
    return at(value).sum();
  }

  /// The ordinal lives no longer than the process, so it cannot change its meaning.
  @SuppressWarnings("EnumOrdinal")
  private DoubleAdder at(E value) {
    return adders[value.ordinal()];
  }
}
