package ai.oneflow.gateway.quota.redis;

import java.util.Optional;

/// What a lease holds of one counter at one place.
///
/// @param counter the name of the counter, as its key ends
record Booking(String counter, long place, long amount) {
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
            new Words(value).number()));
  }

  static String field(Change change) {
    return change.counter().name() + "|" + change.place();
  }

  /// The length of the counter's slots, 0 where it counts in periods.
  static long slotMillis(String counter) {
    return Long.parseLong(counter.substring(0, counter.indexOf(':')));
  }
}
