package ai.oneflow.gateway.quota.redis;

/// What is to be added to what a counter holds at one place; often negative. Not thread-safe.
final class Change implements Op {
  private final Counter counter;
  private final long place;
  private long held;
  private long used;

  Change(Counter counter, long place, long held, long used) {
    this.counter = counter;
    this.place = place;
    this.held = held;
    this.used = used;
  }

  Counter counter() {
    return counter;
  }

  long place() {
    return place;
  }

  long held() {
    return held;
  }

  long used() {
    return used;
  }

  /// Adds to it, if it is of this place and the sums fit.
  boolean adds(long ofPlace, long moreHeld, long moreUsed) {
    if (ofPlace != place || overflows(held, moreHeld) || overflows(used, moreUsed)) {
      return false;
    }
    held += moreHeld;
    used += moreUsed;
    return true;
  }

  private static boolean overflows(long a, long b) {
    long sum = a + b;
    return ((a ^ sum) & (b ^ sum)) < 0;
  }

  /// The same as seen from a lease that holds nothing: what was given back is not given back again.
  Change unheld() {
    return new Change(counter, place, 0, used - held);
  }
}
