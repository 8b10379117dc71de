package ai.oneflow.gateway.quota.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// Gives back what dead gateways held, and has their requests recorded as far as they had come.
/// Blocks.
final class Reaper {
  private static final int PART = 200;
  private static final String CHECKPOINT = "c:";

  private final Terms terms;
  private final Keys keys;
  private final Commands commands;
  private final Desk desk;
  private final Recordings recordings;
  private final String own;

  /// @param own what leases of this run begin with
  Reaper(Terms terms, Commands commands, Desk desk, Orphans orphans, String own) {
    this.terms = terms;
    keys = terms.keys();
    this.commands = commands;
    this.desk = desk;
    recordings = new Recordings(orphans);
    this.own = own;
  }

  /// Leaves it to the gateway itself where that runs again: it has the journal of the dead one.
  ///
  /// @param epoch that this gateway counts in
  /// @return whether it was dead, and is done with
  boolean reap(String lease, String epoch) throws Unanswered, InterruptedException {
    return !isLeftToItself(lease) && reap(lease, epoch, isProcessSeen(lease));
  }

  /// Ends what others began with a lease of this process: it counts itself what was used.
  boolean finish(String lease, String epoch) throws Unanswered, InterruptedException {
    return reap(lease, epoch, true);
  }

  private boolean isLeftToItself(String lease) throws Unanswered, InterruptedException {
    return !Run.instance(own).equals(Run.instance(lease))
        && seen().stream().anyMatch(other -> Run.isLater(other, lease));
  }

  /// Whether the process counts under another lease by now.
  private boolean isProcessSeen(String lease) throws Unanswered, InterruptedException {
    String process = lease.substring(0, lease.lastIndexOf('-') + 1);
    return seen().stream().anyMatch(other -> other.startsWith(process) && !other.equals(lease));
  }

  /// Leases of those that live.
  private List<String> seen() throws Unanswered, InterruptedException {
    long since = commands.nowMillis() - terms.waits().deathMillis();
    return commands.seenSince(keys.gateways(), since);
  }

  /// When the next run of the gateway began.
  private long nextRunMillis(String lease) throws Unanswered, InterruptedException {
    List<String> all = commands.seenSince(keys.gateways(), 0);
    return Stream.concat(all.stream(), Stream.of(own))
        .filter(other -> Run.isLater(other, lease))
        .mapToLong(Run::begunMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private boolean reap(String lease, String epoch, boolean lives)
      throws Unanswered, InterruptedException {
    String key = keys.lease(lease);
    long batches = batches(commands.hash(key));
    if (!sent(new Part(key, batches), List.of(), false, false)) {
      recordings.done(lease);
      return false;
    }
    // From here on nobody but this gateway changes it.
    Map<String, byte[]> fields = commands.hash(key);
    Part part = new Part(key, batches);
    String counted = new String(fields.getOrDefault("e", new byte[0]), UTF_8);
    boolean settled = lives || fields.containsKey("o") || !fields.containsKey("a");
    if (!settled && !isCounted(part, lease, death(lease, fields, counted.equals(epoch)))) {
      return false;
    }
    for (List<Change> held : counted.equals(epoch) ? held(fields) : List.<List<Change>>of()) {
      if (!sent(part, held, false, false)) {
        return false;
      }
    }
    recordings.done(lease);
    return sent(part, List.of(), true, false);
  }

  /// Counts what was used; false where that is still to be recorded.
  private boolean isCounted(Part part, String lease, Orphans.Death death)
      throws Unanswered, InterruptedException {
    Optional<List<Orphans.Used>> used = recordings.of(lease, death);
    return used.isPresent() && sent(part, merged(changes(used.get())), false, true);
  }

  private record Part(String key, long batches) {}

  private boolean sent(Part part, List<Change> changes, boolean end, boolean withOrphans)
      throws Unanswered, InterruptedException {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    desk.add(new Reap(part.key(), part.batches(), end, withOrphans, changes, done));
    return Commands.await(done);
  }

  private static long batches(Map<String, byte[]> fields) {
    return Long.parseLong(new String(fields.getOrDefault("s", new byte[] {'0'}), UTF_8));
  }

  /// One for each place of a counter.
  private static List<Change> merged(List<Change> changes) {
    Map<String, Change> all = new LinkedHashMap<>();
    for (Change change : changes) {
      Change first = all.putIfAbsent(Booking.field(change), change);
      if (first != null && !first.adds(change.place(), change.held(), change.used())) {
        throw new IllegalStateException("more than can be counted: " + Booking.field(change));
      }
    }
    return List.copyOf(all.values());
  }

  /// @param current whether counters in force were told; ones made anew have what is in SQL
  private Orphans.Death death(String lease, Map<String, byte[]> fields, boolean current)
      throws Unanswered, InterruptedException {
    Map<String, byte[]> checkpoints = new HashMap<>();
    fields.forEach(
        (field, value) -> {
          if (field.startsWith(CHECKPOINT)) {
            checkpoints.put(field.substring(CHECKPOINT.length()), value);
          }
        });
    long told = new Words(fields.getOrDefault("a", new byte[] {'0'})).number();
    Optional<Orphans.Untold> untold =
        current ? Optional.of(new Orphans.Untold(told, nextRunMillis(lease))) : Optional.empty();
    return new Orphans.Death(Run.instance(lease), untold, checkpoints);
  }

  private List<Change> changes(List<Orphans.Used> all) {
    List<Change> changes = new ArrayList<>();
    for (Orphans.Used used : all) {
      Change change = desk.change(used.limit(), used.atMillis(), used.amount());
      if (!change.counter().isWaiting()) {
        changes.add(change);
      }
    }
    return changes;
  }

  /// In parts; all of one field of the lease is in the same, since its field goes with that.
  private List<List<Change>> held(Map<String, byte[]> fields) {
    List<List<Change>> parts = new ArrayList<>();
    fields.forEach(
        (field, value) ->
            Booking.read(field, value)
                .ifPresent(
                    booking -> {
                      if (parts.isEmpty() || parts.getLast().size() >= PART) {
                        parts.add(new ArrayList<>());
                      }
                      back(booking, parts.getLast());
                    }));
    return parts;
  }

  private void back(Booking booking, List<Change> to) {
    Counter counter = desk.counter(booking.counter());
    booking.inParts(part -> to.add(new Change(counter, booking.place(), -part, -part)));
  }
}
