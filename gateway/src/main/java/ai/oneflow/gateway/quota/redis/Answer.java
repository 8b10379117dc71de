package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Crossing;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Standing;
import ai.oneflow.gateway.quota.Taking;
import ai.oneflow.gateway.quota.redis.Take.Met;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what `quota.lua` answers to a batch, and enters it into the books.
final class Answer {
  /// What an answer says of all gateways.
  ///
  /// @param dead the lease of one that has not been seen for long
  record Fleet(int gateways, Optional<String> dead) {}

  /// What an answer says besides what goes into the books.
  ///
  /// @param millis Redis's time when it was made
  record Told(long millis, Optional<Fleet> fleet) {}

  private final Books books;
  private final Batch batch;
  private final Words words;
  private final Outbox outbox;
  private final long now;
  private final long[] places;
  private final long[] used;
  private Optional<Fleet> fleet = Optional.empty();

  private Answer(Books books, Batch batch, Words words, Outbox outbox) {
    this.books = books;
    this.batch = batch;
    this.words = words;
    this.outbox = outbox;
    now = words.number();
    places = new long[batch.entries().size()];
    used = new long[places.length];
  }

  /// @param words behind the first one
  static Told read(Books books, Batch batch, Words words, Outbox outbox) {
    Answer answer = new Answer(books, batch, words, outbox);
    answer.counters();
    batch.ops().forEach(answer::op);
    while (words.hasMore()) {
      answer.more();
    }
    return new Told(answer.now, answer.fleet);
  }

  private void op(Op op) {
    switch (op) {
      case Take take -> {
        if (words.word().equals("T")) {
          granted(take);
        } else {
          refused(take);
        }
      }
      case Look look -> looked(look);
      case Reap reap -> {
        boolean done = words.number() == 1;
        outbox.add(() -> reap.done().complete(done));
      }
      case Begin begin -> {
        boolean done = words.number() == 1;
        outbox.add(() -> begin.done().complete(done));
      }
      case Change _, Note _ -> {}
    }
  }

  /// Where all takes of the batch are booked, and what is used now.
  private void counters() {
    for (long more = words.number(); more > 0; more--) {
      int counter = (int) words.number() - 1;
      places[counter] = words.number();
      used[counter] = words.number();
    }
  }

  private void granted(Take take) {
    List<Limit> shadowed = new ArrayList<>(0);
    for (long more = words.number(); more > 0; more--) {
      shadowed.add(take.ask().limits().get(askedAt(take, (int) words.number())));
    }
    for (int i = 0; i < take.size(); i++) {
      if (take.isAsked(i)) {
        granted(take, i);
      }
    }
    if (!batch.isDeserted()) {
      outbox.add(take, books.taken(take, shadowed, now));
    }
  }

  private void granted(Take take, int limit) {
    Counter counter = take.counter(limit);
    int told = batch.entry(counter).index() - 1;
    long wanted = take.wanted(limit);
    counter.know(Math.max(take.ask().limits().get(limit).amount() - used[told], 0), now);
    if (batch.isDeserted()) {
      books.giveBack(counter, places[told], wanted, now);
    } else {
      counter.booked(places[told], wanted);
      take.meet(limit, wanted > 0 ? Met.HERE : Met.UNBOOKED, places[told]);
    }
  }

  private void refused(Take take) {
    int limit = askedAt(take, (int) words.number());
    Counter counter = take.counter(limit);
    counter.know(words.number(), now);
    counter.resetIn(words.number(), now);
    long opens = words.number();
    boolean held = words.number() == 1;
    if (batch.isDeserted()) {
      return;
    }
    books.release(take, now);
    Standing standing = Books.standing(take.ask().limits().get(limit), counter, now);
    outbox.add(take, new Taking.Refused(standing, opens, held));
  }

  private static int askedAt(Take take, int ordinal) {
    int limit = -1;
    for (int seen = -1; seen < ordinal; ) {
      limit++;
      seen += take.isAsked(limit) ? 1 : 0;
    }
    return limit;
  }

  private void looked(Look look) {
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < look.limits().size(); i++) {
      Limit limit = look.limits().get(i);
      Counter counter = look.counters().get(i);
      long used = words.number();
      counter.know(limit.amount() - Math.min(limit.amount(), used), now);
      counter.resetIn(words.number(), now);
      standings.add(
          new Standing(
              limit,
              counter.left(limit),
              counter.resetMillis(now),
              Math.max(0, used - counter.share().left()),
              words.number()));
    }
    if (!batch.isDeserted()) {
      outbox.add(look, standings);
    }
  }

  private void more() {
    switch (words.word()) {
      case "S" -> slice();
      case "W" -> warning();
      case "B" -> {
        int gateways = (int) words.number();
        String dead = words.word();
        fleet = Optional.of(new Fleet(gateways, Optional.of(dead).filter(d -> !d.equals("-"))));
      }
      default -> throw new IllegalStateException("an answer with a part that nobody reads");
    }
  }

  private void slice() {
    Counter counter = counter();
    long place = words.number();
    long amount = words.number();
    books.grant(counter, place, amount, now);
    counter.know(words.number(), now);
  }

  private void warning() {
    Counter counter = counter();
    int percent = (int) words.number();
    long start = words.number();
    long amount = words.number();
    boolean anew = words.number() == 1;
    long used = words.number();
    counter.told(start, percent, amount);
    if (anew) {
      counter.warning().ifPresent(limit -> outbox.add(new Crossing(limit, percent, start, used)));
    }
  }

  private Counter counter() {
    return batch.entries().get((int) words.number() - 1).counter();
  }
}
