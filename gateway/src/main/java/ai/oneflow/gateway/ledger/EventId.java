package ai.oneflow.gateway.ledger;

import java.nio.ByteBuffer;
import java.util.UUID;

/// Names a request once and for all: a UUID of version 7 (RFC 9562, section 5.7), made before the
/// provider is called, of the time when the head of the request was there. Ids of one event loop
/// ascend but for requests that waited, so SQL appends near the end of its index.
public record EventId(long high, long low) {
  private static final int BYTES = 16;
  private static final int BITS_BELOW_THE_TIME = 16;
  private static final long LAST_MILLIS = (1L << (Long.SIZE - BITS_BELOW_THE_TIME)) - 1;

  /// The lowest id of a request that began then.
  public static EventId firstOf(long millis) {
    return new EventId(Math.clamp(millis, 0, LAST_MILLIS) << BITS_BELOW_THE_TIME, 0);
  }

  /// When the request began, in milliseconds since 1970.
  public long startMillis() {
    return high >>> BITS_BELOW_THE_TIME;
  }

  public UUID toUuid() {
    return new UUID(high, low);
  }

  /// In network order, which is also the order of time.
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  @Override
  public String toString() {
    return toUuid().toString();
  }
}
