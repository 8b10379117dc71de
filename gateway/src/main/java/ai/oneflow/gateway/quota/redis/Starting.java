package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import ai.oneflow.gateway.quota.redis.Starts.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Gives limits that came in the middle of their period what the ledger has of it, together with
/// the other gateways.
///
/// Each gateway draws a line between two of its requests, and tells the counters what SQL has of
/// all that ended before it: of itself once and for all, and of each other gateway that has not
/// done so as much more as it was told of it before. What ends behind its line it counts by itself.
/// So nobody needs a claim, one that dies leaves nothing half done, and each request counts once.
/// [#configured] may be called by any thread, the others belong to the caretaker's.
final class Starting {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Round.Means means;
  private final Keys keys;
  private final Commands commands;
  private final Desk desk;
  private final Map<String, Known> known = new HashMap<>();
  private final Set<String> gone = new HashSet<>();
  private final Set<String> grown = new HashSet<>();
  private final List<CompletableFuture<Void>> waiters = new ArrayList<>();
  private Map<String, String> wanted = Map.of();
  private boolean declared;
  private boolean changed;
  private boolean lost;
  private String epoch = "";
  private String seen = "";
  private long looked = System.nanoTime();
  private long rests = System.nanoTime();
  private Optional<Round> round = Optional.empty();

  /// What a look has found to be done.
  ///
  /// @param anew limits in the registry that need another start, with the one that they have
  /// @param joins starts that this gateway is to tell what it used, by marks
  private record Found(Map<String, String> anew, Map<String, String> joins) {
    Found() {
      this(new HashMap<>(), new HashMap<>());
    }
  }

  Starting(Round.Means means) {
    this.means = means;
    keys = means.keys();
    commands = means.commands();
    desk = means.desk();
  }

  /// As the registry names a limit.
  static String field(String mark, String subject) {
    return mark + " of " + subject;
  }

  /// Another configuration is in force. Done when all of its limits can be used.
  synchronized CompletableFuture<Void> configured() {
    Map<String, String> former = wanted;
    wanted = Map.copyOf(means.ledger().past().limits());
    former.forEach(
        (mark, subject) -> {
          if (!subject.equals(wanted.get(mark))) {
            gone.add(field(mark, subject));
            known.remove(mark);
          }
        });
    if (declared) {
      wanted.forEach(
          (mark, subject) -> {
            if (!subject.equals(former.get(mark))) {
              grown.add(field(mark, subject));
            }
          });
    }
    declared = true;
    changed = true;
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiters.add(done);
    if (!lost) {
      tellBooks();
    }
    return done;
  }

  /// Counters are lost: what is under way here is of no use. Those that are written anew have all
  /// that the ledger has, and what is held of them now, of all limits that the writer knows.
  synchronized void lost() {
    lost = true;
    round = Optional.empty();
    known.clear();
    grown.clear();
  }

  /// Counts in these counters, before anybody takes from them.
  void open(String of) throws Unanswered, InterruptedException {
    synchronized (this) {
      epoch = of;
      if (!declared) {
        lost = false;
        return;
      }
    }
    if (round.isEmpty()) {
      look();
    }
  }

  /// Whether something is under way.
  synchronized boolean isBusy() {
    return changed || round.isPresent();
  }

  /// Takes the next step that can be taken without waiting for anybody.
  void step() throws Unanswered, InterruptedException {
    synchronized (this) {
      if (!declared) {
        return;
      }
    }
    if (round.isPresent()) {
      advance(round.get());
    } else if (System.nanoTime() - rests >= 0
        && (isBusy() || System.nanoTime() - looked >= LOOK_NANOS)) {
      looked = System.nanoTime();
      if (isBusy() || !commands.field(keys.starts(epoch), "@").orElse("").equals(seen)) {
        look();
      }
    }
  }

  /// Compares with what the fleet counts, and begins with what is missing here.
  private void look() throws Unanswered, InterruptedException {
    synchronized (this) {
      changed = false;
    }
    Found found = new Found();
    boolean whole = false;
    try {
      forget();
      Map<String, String> all = commands.texts(keys.starts(epoch));
      find(all, found);
      if (!found.anew().isEmpty()) {
        start(found.anew());
      }
      seen = all.getOrDefault("@", "");
      whole = found.anew().isEmpty();
    } finally {
      synchronized (this) {
        changed |= !whole;
      }
    }
    begin(whole ? found.joins() : Map.of(), found.joins().keySet());
  }

  /// Takes limits out of the registry that are in force no longer.
  private void forget() throws Unanswered, InterruptedException {
    List<String> forgotten;
    synchronized (this) {
      forgotten = List.copyOf(gone);
    }
    if (!forgotten.isEmpty()) {
      commands.remove(keys.starts(epoch), forgotten);
      synchronized (this) {
        gone.removeAll(forgotten);
      }
    }
  }

  private void find(Map<String, String> all, Found found) throws Unanswered, InterruptedException {
    Map<String, String> wants;
    synchronized (this) {
      wants = wanted;
    }
    Map<String, Map<String, String>> told = new HashMap<>();
    for (var want : wants.entrySet()) {
      String mark = want.getKey();
      String field = field(mark, want.getValue());
      String start = all.getOrDefault(field, "");
      if (start.isEmpty()) {
        found.anew().put(field, start);
      } else if (!isKnown(mark, start)) {
        if (!told.containsKey(start)) {
          told.put(start, commands.texts(keys.start(epoch, start)));
        }
        find(new Wanted(mark, field, start), told.get(start), found);
      }
    }
  }

  private record Wanted(String mark, String field, String start) {}

  /// A limit that came while this process ran may have been spent from here without being counted,
  /// be it that this gateway told all of an earlier time when the limit was in force.
  private synchronized void find(Wanted of, Map<String, String> told, Found found) {
    String own = told.getOrDefault(means.instance(), "");
    boolean first = of.start().equals(Starts.FIRST);
    boolean came = grown.contains(of.field()) && !known.containsKey(of.mark());
    if (came && (first || own.equals(Starts.ALL))) {
      found.anew().put(of.field(), of.start());
    } else if (first || own.equals(Starts.ALL)) {
      know(of.mark(), of.start(), true);
    } else if (came
        || own.equals(Starts.UNTOLD)
        || !told.containsKey(Starts.ANYBODY)
        || known.containsKey(of.mark())) {
      found.joins().put(of.mark(), of.start());
    } else {
      know(of.mark(), of.start(), true);
    }
  }

  private void start(Map<String, String> anew) throws Unanswered, InterruptedException {
    String id = UUID.randomUUID().toString().substring(0, 8);
    String[] of = {keys.epoch(), keys.starts(epoch), keys.start(epoch, id), keys.gateways()};
    List<String> arguments = new ArrayList<>(List.of(epoch, id, means.instance()));
    anew.forEach(
        (field, from) -> {
          arguments.add(field);
          arguments.add(from);
        });
    commands.start(of, arguments);
  }

  private synchronized void tellBooks() {
    desk.books(
        books -> {
          books.know(known, wanted.keySet(), means.now());
          return books;
        });
  }

  private synchronized boolean isKnown(String mark, String start) {
    Known is = known.get(mark);
    return is != null && is.start().equals(start);
  }

  private synchronized void know(String mark, String start, boolean open) {
    String field = field(mark, wanted.getOrDefault(mark, ""));
    if (wanted.containsKey(mark) && !gone.contains(field)) {
      known.put(mark, new Known(start, open));
      grown.remove(field);
    }
  }

  /// @param left limits that wait from here on
  private synchronized void begin(Map<String, String> joins, Set<String> left) {
    known.keySet().removeAll(left);
    lost = false;
    tellBooks();
    if (!joins.isEmpty()) {
      round = Optional.of(new Round(means, epoch, joins));
    } else if (!changed) {
      waiters.forEach(waiter -> waiter.complete(null));
      waiters.clear();
    }
  }

  private void advance(Round of) throws Unanswered, InterruptedException {
    switch (of.step()) {
      case READING, CLOSING, WAITING -> {}
      case TOLD -> told(of, false);
      case OPEN -> {
        told(of, true);
        end();
      }
      case VOID -> {
        rests = System.nanoTime() + LOOK_NANOS;
        end();
      }
    }
  }

  private synchronized void told(Round of, boolean open) {
    of.starts().forEach((mark, start) -> know(mark, start, open));
    tellBooks();
  }

  private synchronized void end() {
    round = Optional.empty();
    changed = true;
  }
}
