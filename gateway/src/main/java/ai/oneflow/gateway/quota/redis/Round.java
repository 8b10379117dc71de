package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the counters of some limits what the ledger has of them, and then that nothing is left to
/// be told of this gateway.
///
/// It draws a line between two requests, and nothing behind the line comes into SQL until the
/// counters are told. Whether they were told all must be known before another line may be drawn, so
/// an answer is waited for however long it takes. Belongs to the caretaker's thread.
final class Round {
  private static final Logger LOG = LoggerFactory.getLogger(Round.class);

  /// For how long gateways are waited for that are heard of and have not told what they used.
  private static final long UNTOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long HEARD_MILLIS = 3_000;

  /// For how long the ledger waits for Redis: the journal must not fill. Who reads SQL later than
  /// that may tell more of this gateway than ended on this side of the line, which errs towards
  /// refusing.
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// How many counters are told at once.
  private static final int PART = 200;

  private final Means means;
  private final String epoch;
  private final Map<String, String> starts;
  private final Map<String, CompletableFuture<Boolean>> closing = new HashMap<>();
  private final CompletableFuture<List<Used>> used;
  private Stage stage = Stage.READING;
  private boolean paused = true;
  private long sinceNanos;

  /// What it works with.
  ///
  /// @param instance this gateway's name
  record Means(Terms terms, Commands commands, Desk desk, RedisLedger ledger, String instance) {
    Keys keys() {
      return terms.keys();
    }

    long now() {
      return terms.time().now();
    }
  }

  /// How far it has come.
  enum Stage {
    /// Until the ledger is read.
    READING,
    /// Until Redis has answered that all is told.
    CLOSING,
    /// Just now all was told.
    TOLD,
    /// Until the others have told what they used, or for a while.
    WAITING,
    /// The limits can be used.
    OPEN,
    /// Nothing of what is left was told in whole: another line is to be drawn.
    VOID
  }

  private record Used(String gateway, String start, Change change) {}

  /// Draws the line.
  ///
  /// @param starts by the marks of limits whose counters wait
  Round(Means means, String epoch, Map<String, String> starts) {
    this.means = means;
    this.epoch = epoch;
    this.starts = new HashMap<>(starts);
    Map<String, String> of = Map.copyOf(starts);
    used =
        drawLine()
            .thenApplyAsync(
                _ -> read(of), task -> Thread.ofVirtual().name("quotas-past").start(task));
  }

  /// What has ended up to here is in the ledger once the future is done; what ends later is kept
  /// for counters that wait, as is what is under way.
  private CompletableFuture<Void> drawLine() {
    LedgerGate gate = means.ledger().gate();
    return gate.between(
        () ->
            means
                .desk()
                .books(
                    books -> {
                      books.drawLine(means.now());
                      return gate.drainAndPause();
                    }));
  }

  /// Those that are told, once they are: by their marks.
  Map<String, String> starts() {
    return Map.copyOf(starts);
  }

  private List<Used> read(Map<String, String> of) {
    Map<String, Used> all = new HashMap<>();
    means
        .ledger()
        .past()
        .visit(
            of.keySet(),
            (gateway, limit, atMillis, amount) -> {
              String start = of.get(limit.mark());
              if (start != null) {
                Change change = change(limit, start, atMillis, amount);
                String key = gateway + " " + Booking.field(change);
                all.merge(key, new Used(gateway, start, change), Round::sum);
              }
            });
    return List.copyOf(all.values());
  }

  /// What is more than can be counted is as much as can be.
  private static Used sum(Used a, Used b) {
    Change to = a.change();
    if (to.adds(to.place(), 0, b.change().used())) {
      return a;
    }
    Change most = new Change(to.counter(), to.place(), 0, Long.MAX_VALUE);
    return new Used(a.gateway(), a.start(), most);
  }

  private Change change(Limit limit, String start, long atMillis, long amount) {
    Counter counter = means.desk().books(books -> books.counters().of(limit, start, means.now()));
    return new Change(counter, counter.placeAt(atMillis), 0, amount);
  }

  /// Takes the next step that can be taken without waiting for the ledger or for other gateways.
  Stage step() throws Unanswered, InterruptedException {
    stage =
        switch (stage) {
          case READING -> used.isDone() ? tell() : stage;
          case CLOSING -> close();
          case TOLD, WAITING -> isUntold() ? Stage.WAITING : Stage.OPEN;
          case OPEN, VOID -> stage;
        };
    return stage;
  }

  private Stage tell() throws InterruptedException {
    try {
      tell(used.join());
    } catch (CompletionException | Unanswered e) {
      LOG.atWarn().setCause(e).log("new budgets refuse: what was used of them is not known yet");
      resume();
      return Stage.VOID;
    }
    for (String start : Set.copyOf(starts.values())) {
      closing.put(start, send(start, means.instance(), true, List.of()));
    }
    sinceNanos = System.nanoTime();
    return Stage.CLOSING;
  }

  /// It does no harm where Redis applies this later, or twice, or not at all.
  private void tell(List<Used> all) throws Unanswered, InterruptedException {
    record Part(String start, String gateway) {}
    Map<Part, List<Change>> parts = new HashMap<>();
    for (Used each : all) {
      parts
          .computeIfAbsent(new Part(each.start(), each.gateway()), _ -> new ArrayList<>())
          .add(each.change());
    }
    for (var part : parts.entrySet()) {
      List<Change> changes = part.getValue();
      for (int from = 0; from < changes.size(); from += PART) {
        List<Change> some = changes.subList(from, Math.min(changes.size(), from + PART));
        Commands.await(send(part.getKey().start(), part.getKey().gateway(), false, some));
      }
    }
  }

  private CompletableFuture<Boolean> send(
      String start, String gateway, boolean all, List<Change> some) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    String key = means.keys().start(epoch, start);
    means.desk().add(new Begin(key, gateway, all, List.copyOf(some), done));
    return done;
  }

  /// Those that Redis refused are told anew behind another line, in another round.
  private Stage close() {
    if (!CompletableFuture.allOf(closing.values().toArray(CompletableFuture[]::new)).isDone()) {
      if (System.nanoTime() - sinceNanos >= PAUSE_NANOS) {
        resume();
      }
      return Stage.CLOSING;
    }
    closing.values().removeIf(answer -> !answer.isCompletedExceptionally());
    starts.values().removeIf(closing::containsKey);
    resume();
    sinceNanos = System.nanoTime();
    return starts.isEmpty() ? Stage.VOID : Stage.TOLD;
  }

  private void resume() {
    if (paused) {
      paused = false;
      means.ledger().gate().resume();
    }
  }

  private boolean isUntold() throws Unanswered, InterruptedException {
    if (System.nanoTime() - sinceNanos >= UNTOLD_NANOS) {
      return false;
    }
    Commands commands = means.commands();
    Set<String> heard = new HashSet<>();
    long since = commands.nowMillis() - HEARD_MILLIS;
    for (String lease : commands.seenSince(means.keys().gateways(), since)) {
      heard.add(lease.substring(0, lease.indexOf('#')));
    }
    for (String start : Set.copyOf(starts.values())) {
      for (var told : commands.texts(means.keys().start(epoch, start)).entrySet()) {
        if (told.getValue().equals(Starts.UNTOLD) && heard.contains(told.getKey())) {
          return true;
        }
      }
    }
    return false;
  }
}
