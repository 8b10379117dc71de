package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What goes to Redis in one call: operations in their order, the counters that they touch, and the
/// slices that are wanted afterwards. Not thread-safe.
final class Batch {
  /// A counter within the batch, and what the message says of it.
  static final class Entry {
    private final Counter counter;
    private final int index;
    private final List<Long> places = new ArrayList<>(2);
    private long slice;
    private long most;

    Entry(Counter counter, int index) {
      this.counter = counter;
      this.index = index;
    }

    Counter counter() {
      return counter;
    }

    /// From 1.
    int index() {
      return index;
    }

    /// Slots that are looked up ahead.
    List<Long> places() {
      return places;
    }

    long slice() {
      return slice;
    }

    /// What the counter's limit holds at most.
    long most() {
      return most;
    }
  }

  private final long number;
  private final boolean beat;
  private final List<Op> ops = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> leases = new ArrayList<>();
  private final Map<Counter, Entry> byCounter = new HashMap<>();
  private boolean deserted;

  /// @param number of the batch within its lease, from 1
  /// @param beat whether Redis is told that this gateway lives, and asked about the others
  Batch(long number, boolean beat) {
    this.number = number;
    this.beat = beat;
  }

  long number() {
    return number;
  }

  boolean isBeat() {
    return beat;
  }

  List<Op> ops() {
    return ops;
  }

  List<Entry> entries() {
    return entries;
  }

  /// Keys of leases that are reaped, and of starts that counters begin from.
  List<String> leases() {
    return leases;
  }

  Entry entry(Counter counter) {
    return byCounter.computeIfAbsent(
        counter,
        _ -> {
          Entry entry = new Entry(counter, entries.size() + 1);
          entries.add(entry);
          return entry;
        });
  }

  void add(Op op) {
    ops.add(op);
    switch (op) {
      case Take take -> {
        for (int i = 0; i < take.size(); i++) {
          if (take.isAsked(i)) {
            entry(take.counter(i));
          }
        }
      }
      case Look look -> look.counters().forEach(this::entry);
      case Change change -> touch(change);
      case Reap reap -> {
        leases.add(reap.lease());
        reap.changes().forEach(this::touch);
      }
      case Begin begin -> {
        leases.add(begin.start());
        begin.used().forEach(this::touch);
      }
      case Note _ -> {}
    }
  }

  private void touch(Change change) {
    Entry entry = entry(change.counter());
    if (change.counter().slotMillis() > 0) {
      entry.places.add(change.place());
    }
  }

  /// Asks for a slice of each limit that this take asks for, at most one for each counter.
  void wish(Take take, long nowMillis) {
    for (int i = 0; i < take.size(); i++) {
      Limit limit = take.ask().limits().get(i);
      Counter counter = take.counter(i);
      if (take.isAsked(i) && take.wanted(i) > 0 && counter.canBeShared()) {
        Entry entry = entry(counter);
        if (entry.slice == 0) {
          entry.slice = counter.share().wish(take.wanted(i), nowMillis);
          entry.most = limit.amount();
        }
      }
    }
  }

  /// Nobody waits for its answer any more: what it takes goes back.
  void desert() {
    deserted = true;
  }

  boolean isDeserted() {
    return deserted;
  }

  /// When the counter's period ends, in milliseconds since 1970; 0 where it never does.
  static long finish(Counter counter, long nowMillis) {
    Span.Bounds period = counter.period(nowMillis);
    return period.end() == Long.MAX_VALUE ? 0 : period.end();
  }
}
