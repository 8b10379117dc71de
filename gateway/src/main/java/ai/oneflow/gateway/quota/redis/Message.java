package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.redis.Batch.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes a batch as `quota.lua` reads it: one flat array.
///
/// First its number, the time to go by, how many gateways there are, whether it is a beat, after
/// how long a gateway is dead, the length of what keys of counters begin with, how many counters
/// follow, and the time by this gateway's clock, which its usage events go by. A counter is the
/// length of its slots, or less the end of its period; the period's begin; slice and amount; how
/// many places and warnings follow, and those; a warning is a percentage, its amount, and the
/// counter's [Counter#suffix]. Then how many operations follow, each with the number of its kind.
final class Message {
  private static final int TAKE = 1;
  private static final int CHANGE = 2;
  private static final int LOOK = 3;
  private static final int REAP = 4;
  private static final int NOTE = 5;
  private static final int BEGIN = 6;
  private static final int FIRST_COUNTER_KEY = 3;

  private final Packer out = new Packer();
  private final Batch batch;
  private int reaped;

  private Message(Batch batch) {
    this.batch = batch;
  }

  /// @param prefix what keys of counters begin with
  static byte[] of(Batch batch, Terms terms, int gateways, String prefix) {
    return new Message(batch).write(terms, gateways, prefix.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] write(Terms terms, int gateways, byte[] prefix) {
    out.number(batch.number()).number(terms.time().told()).number(gateways);
    out.number(batch.isBeat() ? 1 : 0).number(terms.waits().deathMillis()).number(prefix.length);
    out.number(batch.entries().size()).number(System.currentTimeMillis());
    long now = terms.time().now();
    for (Entry entry : batch.entries()) {
      counter(entry, now);
    }
    out.number(batch.ops().stream().mapToInt(Message::parts).sum());
    batch.ops().forEach(this::op);
    return out.array();
  }

  private void counter(Entry entry, long now) {
    Counter counter = entry.counter();
    long slot = counter.slotMillis();
    out.number(slot > 0 ? slot : -Batch.finish(counter, now));
    out.number(slot > 0 ? 0 : counter.period(now).start());
    out.amount(entry.slice()).amount(entry.most());
    List<Integer> warnAt = counter.untold(now);
    out.number(entry.places().size()).number(warnAt.size());
    entry.places().forEach(out::number);
    for (int percent : warnAt) {
      long threshold = Crossing.threshold(counter.warning().orElseThrow(), percent);
      out.number(percent).amount(threshold).number(counter.suffix());
    }
  }

  private static int parts(Op op) {
    return op instanceof Look look ? look.counters().size() : 1;
  }

  private void op(Op op) {
    switch (op) {
      case Take take -> take(take);
      case Change change -> {
        out.number(CHANGE);
        change(change);
      }
      case Look look -> look(look);
      case Reap reap -> reap(reap);
      case Begin begin -> begin(begin);
      case Note note -> out.number(NOTE).text(note.id()).bytes(note.progress());
    }
  }

  private void take(Take take) {
    out.number(TAKE).number(take.asked());
    for (int i = 0; i < take.size(); i++) {
      if (take.isAsked(i)) {
        Limit limit = take.ask().limits().get(i);
        out.number(batch.entry(take.counter(i)).index());
        out.amount(take.wanted(i)).amount(limit.amount());
        out.number(
            switch (limit.binding()) {
              case HARD, DEGRADE -> 0;
              case SHADOW -> 1;
              case COUNT -> 2;
            });
      }
    }
  }

  private void change(Change change) {
    out.number(batch.entry(change.counter()).index()).number(change.place());
    out.amount(change.held()).amount(change.used());
  }

  private void look(Look look) {
    for (int i = 0; i < look.counters().size(); i++) {
      out.number(LOOK).number(batch.entry(look.counters().get(i)).index());
    }
  }

  private void begin(Begin begin) {
    reaped++;
    out.number(BEGIN).number(FIRST_COUNTER_KEY + batch.entries().size() + reaped);
    out.text(begin.gateway()).number(begin.all() ? 1 : 0).number(begin.used().size());
    for (Change used : begin.used()) {
      out.number(batch.entry(used.counter()).index()).number(used.place()).amount(used.used());
    }
  }

  private void reap(Reap reap) {
    reaped++;
    out.number(REAP).number(FIRST_COUNTER_KEY + batch.entries().size() + reaped);
    out.number(reap.batches()).number(reap.end() ? 1 : 0).number(reap.orphans() ? 1 : 0);
    out.number(reap.changes().size());
    reap.changes().forEach(this::change);
  }
}
