package ai.oneflow.gateway.ledger;

import java.util.SplittableRandom;

/// Makes the event ids of one thread: 48 bits of milliseconds, a counter of 12 bits that begins
/// anew at a random place each millisecond (RFC 9562, section 6.2, method 1), and 62 random bits.
///
/// One thread only. The time is always the one that is asked for: of a request that waited longer
/// than others it lies before that of the last id, and the counter is a random number then, as it
/// is once it ran over. The random bits keep threads and pods apart; they are no secret, therefore
/// a fast generator with a seed from a secure one is enough.
public final class EventIds {
  private static final int COUNTER_END = 1 << 12;
  private static final int COUNTER_START = 1 << 11;
  private static final long VERSION_7 = 0x7000;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final SplittableRandom random;
  private long lastMillis;
  private int counter;

  public EventIds(SplittableRandom random) {
    this.random = random;
  }

  /// @param startMillis when the request began
  public EventId next(long startMillis) {
    int place = random.nextInt(COUNTER_START);
    if (startMillis > lastMillis) {
      lastMillis = startMillis;
      counter = place;
    } else if (startMillis == lastMillis && counter < COUNTER_END - 1) {
      counter++;
      place = counter;
    }
    return new EventId(startMillis << 16 | VERSION_7 | place, VARIANT | random.nextLong() >>> 2);
  }
}
