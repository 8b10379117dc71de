package ai.oneflow.gateway.ledger;

import java.util.SplittableRandom;

/// Makes the event ids of one thread: 48 bits of milliseconds, a counter of 12 bits that begins
/// anew at a random place each millisecond (RFC 9562, section 6.2, method 1), and 62 random bits.
///
/// One thread only. Where the clock steps back or the counter runs over, the time of the last id
/// goes on, so ids of a thread never descend. The random bits keep threads and pods apart; they are
/// no secret, therefore a fast generator with a seed from a secure one is enough.
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

  public EventId next(long nowMillis) {
    counter++;
    if (nowMillis > lastMillis) {
      lastMillis = nowMillis;
      counter = random.nextInt(COUNTER_START);
    } else if (counter == COUNTER_END) {
      lastMillis++;
      counter = 0;
    }
    return new EventId(lastMillis << 16 | VERSION_7 | counter, VARIANT | random.nextLong() >>> 2);
  }
}
