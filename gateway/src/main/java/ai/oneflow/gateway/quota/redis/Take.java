package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Taking;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// A request that waits for its limits. Some it may have out of shares already, the others are
/// asked of Redis. Not thread-safe.
final class Take implements Op {
  /// How one of its limits is met.
  enum Met {
    /// Out of a share, at its place.
    HERE,
    /// Redis is asked.
    ASKED,
    /// It needs nothing.
    UNBOOKED
  }

  private final Ask ask;
  private final Executor loop;
  private final Consumer<Taking> then;
  private final Counter[] counters;
  private final Met[] met;
  private final long[] places;

  Take(Ask ask, Executor loop, Consumer<Taking> then, Counter[] counters) {
    this.ask = ask;
    this.loop = loop;
    this.then = then;
    this.counters = counters;
    met = new Met[counters.length];
    places = new long[counters.length];
    Arrays.fill(met, Met.ASKED);
    Arrays.fill(places, Hold.NOWHERE);
  }

  /// The same with what it has out of shares, to be decided in another way than by asking Redis.
  Take instead() {
    Take other = new Take(ask, loop, then, counters);
    for (int i = 0; i < counters.length; i++) {
      if (met[i] != Met.ASKED) {
        other.meet(i, met[i], places[i]);
      }
    }
    return other;
  }

  Ask ask() {
    return ask;
  }

  Executor loop() {
    return loop;
  }

  Consumer<Taking> then() {
    return then;
  }

  int size() {
    return counters.length;
  }

  Counter counter(int limit) {
    return counters[limit];
  }

  long wanted(int limit) {
    return ask.of(ask.limits().get(limit));
  }

  boolean isAsked(int limit) {
    return met[limit] == Met.ASKED;
  }

  boolean isHere(int limit) {
    return met[limit] == Met.HERE;
  }

  int asked() {
    int asked = 0;
    for (Met each : met) {
      asked += each == Met.ASKED ? 1 : 0;
    }
    return asked;
  }

  void meet(int limit, Met how, long place) {
    met[limit] = how;
    places[limit] = place;
  }

  long place(int limit) {
    return places[limit];
  }

  Hold hold() {
    return new Hold(ask, places);
  }
}
