package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Hold;

/// A slice of a counter that Redis has booked as used and held, so that this gateway can spend it
/// without a call. Not thread-safe.
final class Share {
  /// How many requests a share should last for at least.
  private static final int LEAST_REQUESTS = 16;

  private static final int GROWTH = 2;

  private static final long IDLE_MILLIS = 2_000;

  /// A share that lasted for less was too small.
  private static final long BRIEF_MILLIS = 1_000;

  private long place = Hold.NOWHERE;
  private long left;
  private long untilMillis;
  private long usedMillis;
  private long lastWish;
  private long wishedMillis;

  long left() {
    return left;
  }

  long place() {
    return place;
  }

  boolean has(long wanted, long nowMillis) {
    return left >= wanted && nowMillis < untilMillis;
  }

  /// Spends of it; returns where that is booked.
  long spend(long amount, long nowMillis) {
    left -= amount;
    usedMillis = nowMillis;
    return place;
  }

  /// Takes back what was held at a place and not used, if that is a place of this share.
  boolean takesBack(long amount, long ofPlace, long nowMillis) {
    if (ofPlace != place || nowMillis >= untilMillis) {
      return false;
    }
    left += amount;
    return true;
  }

  /// Lets go of what was used without asking: it is booked as used here, and so need not be booked
  /// again.
  long cover(long amount) {
    left -= amount;
    return amount;
  }

  /// How much to ask for: more than last time if that did not last, less if it did.
  long wish(long wanted, long nowMillis) {
    boolean brief = nowMillis - wishedMillis < BRIEF_MILLIS;
    long again = brief ? saturated(lastWish, GROWTH) : lastWish / GROWTH;
    lastWish = Math.max(again, saturated(wanted, LEAST_REQUESTS));
    wishedMillis = nowMillis;
    return lastWish;
  }

  private static long saturated(long amount, int times) {
    return amount > Long.MAX_VALUE / times ? Long.MAX_VALUE : amount * times;
  }

  /// Puts a slice in; there must be nothing left of one at another place.
  void add(long ofPlace, long amount, long endMillis, long nowMillis) {
    usedMillis = nowMillis;
    place = ofPlace;
    left += amount;
    untilMillis = endMillis;
  }

  /// Takes all of it out; returns how much that was.
  long empty() {
    long rest = left;
    left = 0;
    untilMillis = 0;
    return rest;
  }

  /// Whether nothing can be spent of it any more, nor come back to it.
  boolean isOver(long nowMillis) {
    return nowMillis >= untilMillis;
  }

  /// Whether what is left should go back.
  boolean isIdle(long nowMillis) {
    return nowMillis >= untilMillis || nowMillis - usedMillis >= IDLE_MILLIS;
  }
}
