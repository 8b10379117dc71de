package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Taking;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Carries operations to Redis in batches, one at a time, and knows whether Redis is away. Not
/// thread-safe: the desk's lock guards it.
final class Courier {
  private static final long FLUSH_MILLIS = 20;
  private static final long BEAT_MILLIS = 1_000;
  private static final long RETRY_MILLIS = 100;

  /// A connection that is silent for so long may be one of which nobody is at the other end.
  private static final long SILENT_MILLIS = 3_000;

  private static final int MOST_OPERATIONS = 256;
  private static final int MOST_CHANGES = 1_000;

  private final Terms terms;
  private final Books books;
  private final Away away;
  private final Trouble trouble;
  private final Deque<Op> queue = new ArrayDeque<>();
  private @Nullable Lease lease;
  private @Nullable Sending inFlight;
  private long number;
  private int gateways = 1;
  private boolean isAway = true;
  private long awaySince = uptimeMillis();
  private long contact = uptimeMillis();
  private long beaten = contact - BEAT_MILLIS;
  private long flushed = contact;
  private long arrived;
  private long awayMillis;
  private long batches;
  private long operations;

  /// A batch on its way.
  static final class Sending {
    private final Batch batch;
    private final Call call;
    private final long sent;
    private long failed;
    private long missed;

    Sending(Batch batch, Call call, long sent) {
      this.batch = batch;
      this.call = call;
      this.sent = sent;
      missed = sent;
    }

    Call call() {
      return call;
    }
  }

  Courier(Terms terms, Books books, Trouble trouble) {
    this.terms = terms;
    this.books = books;
    this.trouble = trouble;
    away = new Away(books, terms.time());
  }

  boolean isReachable() {
    return lease != null && !isAway;
  }

  Away away() {
    return away;
  }

  void add(Op op) {
    queue.add(op);
  }

  /// Whether shares are still this gateway's. Nobody else notices when it stood still for long.
  boolean isTrusted() {
    return lease != null && uptimeMillis() - contact < terms.waits().trustMillis();
  }

  Taking decideAway(Take take) {
    return away.decide(take, isTrusted(), gateways, terms.time().now());
  }

  /// Begins to count under a lease that has this many batches behind it. Redis has just answered.
  void begin(Lease with, long batchesBehind) {
    arrive();
    contact = uptimeMillis();
    lease = with;
    number = batchesBehind;
    inFlight = null;
    beaten = uptimeMillis() - BEAT_MILLIS;
  }

  /// Counts no more until [#begin].
  void end(Outbox outbox) {
    leave(outbox);
    lease = null;
    inFlight = null;
  }

  /// The next batch, if there is reason for one and none is under way.
  @Nullable Sending next() {
    long uptime = uptimeMillis();
    boolean beat = uptime - beaten >= BEAT_MILLIS;
    boolean flush = books.owesChanges() && uptime - flushed >= FLUSH_MILLIS;
    Lease of = lease;
    if (inFlight != null || of == null || (queue.isEmpty() && !beat && !flush)) {
      return null;
    }
    Batch batch = batch(beat);
    flushed = uptime;
    beaten = beat ? uptime : beaten;
    batches++;
    operations += batch.ops().size();
    String prefix = terms.keys().counters(of.epoch());
    byte[] message = Message.of(batch, terms, gateways, prefix);
    inFlight = new Sending(batch, Call.of(terms.keys(), of, batch, message), uptime);
    return inFlight;
  }

  /// Changes come first, since what is given back may be what the others want.
  private Batch batch(boolean beat) {
    Batch batch = new Batch(++number, beat);
    List<Op> ops = new ArrayList<>();
    while (!queue.isEmpty() && ops.size() < MOST_OPERATIONS) {
      ops.add(queue.remove());
    }
    ops.forEach(this::returnShares);
    books.changes(MOST_CHANGES).forEach(batch::add);
    for (Op op : ops) {
      batch.add(op);
      if (terms.shares() && op instanceof Take take) {
        batch.wish(take, terms.time().now());
      }
    }
    return batch;
  }

  /// What is too little for a request is more useful where it came from.
  private void returnShares(Op op) {
    if (op instanceof Take take) {
      for (int i = 0; i < take.size(); i++) {
        if (take.isAsked(i)) {
          books.returnShare(take.counter(i));
        }
      }
    }
  }

  /// A batch was answered.
  void received(Sending sending, byte[] answer, Outbox outbox) {
    if (sending != inFlight) {
      return;
    }
    inFlight = null;
    Words words = new Words(answer);
    switch (words.word()) {
      case "OK" -> {
        if (sending.batch.isBeat()) {
          contact = sending.sent; // it may have been seen as early as that
        }
        if (uptimeMillis() - sending.sent >= terms.waits().trustMillis()) {
          leave(outbox); // others may have given back what it took
        }
        arrive();
        Answer.Told told = Answer.read(books, sending.batch, words, outbox);
        terms.time().heard(told.millis(), sending.sent);
        told.fleet().ifPresent(fleet -> heard(fleet, outbox));
      }
      case "REAPED" -> unapplied(sending, outbox, trouble::reaped);
      default -> unapplied(sending, outbox, trouble::lost);
    }
  }

  private void heard(Answer.Fleet fleet, Outbox outbox) {
    gateways = Math.max(1, fleet.gateways());
    // Who was away with Redis is as alive as this gateway, and gets time to say so.
    if (uptimeMillis() - arrived >= terms.waits().deathMillis()) {
      fleet.dead().ifPresent(dead -> outbox.add(() -> trouble.died(dead)));
    }
  }

  private void unapplied(Sending sending, Outbox outbox, Runnable told) {
    inFlight = sending;
    end(outbox);
    for (Op op : sending.batch.ops()) {
      switch (op) {
        case Change change -> books.add(change);
        case Reap reap -> outbox.add(() -> reap.done().complete(false));
        case Begin begin -> begin.refuse(outbox);
        case Take _, Look _, Note _ -> {}
      }
    }
    outbox.add(told);
  }

  /// The starts that counters were to begin from are of no use any more.
  void forgetStarts(Outbox outbox) {
    List<Begin> starts =
        queue.stream().filter(Begin.class::isInstance).map(Begin.class::cast).toList();
    queue.removeAll(starts);
    starts.forEach(begin -> begin.refuse(outbox));
  }

  /// A call came to nothing. Whether Redis has applied the batch is not known; it is sent again.
  void failed(Sending sending, Throwable failure, Outbox outbox) {
    if (sending == inFlight) {
      sending.failed = uptimeMillis();
      leave(outbox);
      outbox.add(() -> trouble.failed(failure));
    }
  }

  /// Looks at what time has brought; returns what is to be sent again, or anew.
  @Nullable Sending tick(Outbox outbox) {
    Sending waiting = inFlight;
    if (waiting == null) {
      return next();
    }
    long uptime = uptimeMillis();
    if (!isAway && uptime - waiting.sent >= terms.waits().patienceMillis()) {
      leave(outbox);
    }
    if (uptime - waiting.missed >= SILENT_MILLIS) {
      waiting.missed = uptime;
      outbox.add(trouble::silent);
    }
    if (waiting.failed != 0 && uptime - waiting.failed >= RETRY_MILLIS) {
      waiting.failed = 0;
      return waiting;
    }
    return null;
  }

  private void arrive() {
    if (isAway) {
      isAway = false;
      arrived = uptimeMillis();
      awayMillis += arrived - awaySince;
    }
  }

  /// From here on nobody waits for Redis: who does is answered now.
  void leave(Outbox outbox) {
    if (!isAway) {
      isAway = true;
      awaySince = uptimeMillis();
      beaten = awaySince - BEAT_MILLIS; // whatever is answered next ends it
    }
    if (inFlight != null && !inFlight.batch.isDeserted()) {
      inFlight.batch.ops().forEach(op -> answerAway(op, outbox));
      inFlight.batch.desert();
    }
    queue.forEach(op -> answerAway(op, outbox));
    queue.removeIf(op -> op instanceof Take || op instanceof Look);
  }

  private void answerAway(Op op, Outbox outbox) {
    switch (op) {
      case Take take -> outbox.add(take, decideAway(take.instead()));
      case Look look -> outbox.add(look, List.of());
      case Change _, Reap _, Note _, Begin _ -> {}
    }
  }

  /// Whether Redis knows all that there is to tell.
  boolean isQuiet() {
    return inFlight == null && queue.isEmpty() && !books.owesChanges();
  }

  long awayMillis() {
    return awayMillis + (isAway ? uptimeMillis() - awaySince : 0);
  }

  long batches() {
    return batches;
  }

  long operations() {
    return operations;
  }

  int gateways() {
    return gateways;
  }

  private static long uptimeMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }
}
