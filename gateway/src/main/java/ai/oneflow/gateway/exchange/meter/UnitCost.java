package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.snapshot.PriceList.UnitPrices;

/// What costs by the image, by the character and by the second.
final class UnitCost {
  private static final int MILLIS = 1_000;

  private UnitCost() {}

  /// The price of a part of a second is rounded up to a whole pico-dollar, once.
  ///
  /// @throws ArithmeticException where the sum does not fit 64 bits
  static long of(Usage usage, UnitPrices prices) {
    long images = Math.multiplyExact(usage.images(), prices.perImage());
    long characters = Math.multiplyExact(usage.characters(), prices.perCharacter());
    long seconds = Math.multiplyExact(usage.audioMillis() / MILLIS, prices.perSecond());
    long rest = Math.multiplyExact(usage.audioMillis() % MILLIS, prices.perSecond());
    long audio = Math.addExact(seconds, Math.ceilDiv(rest, MILLIS));
    return Math.addExact(Math.addExact(images, characters), audio);
  }
}
