package ai.oneflow.gateway.quota.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.LongConsumer;

/// What a lease holds of one counter at one place.
///
/// @param counter the name of the counter, as its key ends
/// @param amount what all its requests hold there together, for which 64 bits may be too few
record Booking(String counter, long place, BigInteger amount) {
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  /// Before fields of what was counted for one that was taken for dead.
  static final String COUNTED = "u:";

  /// Reads a field of a lease; empty where it is another kind of field.
  static Optional<Booking> read(String field, byte[] value) {
    int bar = field.lastIndexOf('|');
    if (bar < 0 || field.startsWith("c:") || field.startsWith(COUNTED)) {
      return Optional.empty();
    }
    return Optional.of(
        new Booking(
            field.substring(0, bar),
            Long.parseLong(field.substring(bar + 1)),
            new BigInteger(new String(value, US_ASCII))));
  }

  /// Tells the amount in parts of which each fits 64 bits.
  void inParts(LongConsumer each) {
    BigInteger rest = amount;
    while (rest.signum() > 0) {
      BigInteger part = rest.min(MOST);
      each.accept(part.longValueExact());
      rest = rest.subtract(part);
    }
  }

  static String field(Change change) {
    return change.counter().name() + "|" + change.place();
  }

  /// The length of the counter's slots, 0 where it counts in periods.
  static long slotMillis(String counter) {
    return Long.parseLong(counter.substring(0, counter.indexOf(':')));
  }
}
