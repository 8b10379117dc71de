package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.redis.Commands.Unanswered;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts anew after Redis has lost its counters, together with the other gateways.
///
/// Each brings all of its usage events into SQL, stops there, and leaves in its lease what it has
/// under way. One, who came first, waits for the others, adds what SQL has to what the leases have,
/// writes the counters and then the epoch. Nobody takes anything by Redis until the epoch is there,
/// so that nothing is overspent meanwhile. Belongs to the caretaker's thread; one for each loss.
final class Rebuild {
  private static final Logger LOG = LoggerFactory.getLogger(Rebuild.class);
  private static final long CLAIM_MILLIS = 10_000;
  private static final long DRAINED_MILLIS = 600_000;

  /// How long to wait for gateways that have not been heard of since the loss.
  private static final long UNHEARD_MILLIS = 2_000;

  /// How long ago one may have been heard of that is waited for.
  private static final long HEARD_MILLIS = 3_000;

  private final Keys keys;
  private final Commands commands;
  private final Desk desk;
  private final RedisLedger ledger;
  private final Leases leases;
  private boolean left;
  private String drained = "";
  private String mine = "";
  private long claimedMillis;
  private Optional<StartingOver> draining = Optional.empty();
  private String drainingFor = "";
  private boolean wrote;

  /// @param former what this gateway counted under; void now
  /// @param next what it will count under
  record Leases(String former, String next) {}

  Rebuild(Keys keys, Commands commands, Desk desk, RedisLedger ledger, Leases leases) {
    this.keys = keys;
    this.commands = commands;
    this.desk = desk;
    this.ledger = ledger;
    this.leases = leases;
  }

  /// Takes the next step that can be taken without waiting for anybody.
  ///
  /// @return the epoch, once the counters are there again
  Optional<String> step() throws Unanswered, InterruptedException {
    if (!left) {
      commands.leave(keys.gateways(), leases.former(), keys.lease(leases.former()));
      left = true;
    }
    Optional<String> epoch = commands.get(keys.epoch());
    if (epoch.isPresent()) {
      if (epoch.get().equals(drained) && isCounted(drained)) {
        return epoch;
      }
      // Made without what this gateway has used, or has under way.
      commands.deleteIf(keys.epoch(), epoch.get());
      return Optional.empty();
    }
    Optional<String> claim = commands.get(keys.rebuild());
    if (claim.isEmpty()) {
      claim();
      return Optional.empty();
    }
    commands.see(keys.gateways(), leases.next());
    if (drained.equals(claim.get()) || drain(claim.get())) {
      lead(claim.get());
    }
    return Optional.empty();
  }

  /// Who came when the leases had been read is not in the counters.
  private boolean isCounted(String id) throws Unanswered, InterruptedException {
    return commands.members(keys.counted(id)).contains(leases.next());
  }

  boolean wrote() {
    return wrote;
  }

  private void claim() throws Unanswered, InterruptedException {
    String id = UUID.randomUUID().toString().substring(0, 8);
    if (commands.claim(keys.rebuild(), id, CLAIM_MILLIS)) {
      mine = id;
      claimedMillis = commands.nowMillis();
    }
  }

  /// Whether all that this gateway used is in SQL, and what it has under way in its lease.
  private boolean drain(String id) throws Unanswered, InterruptedException {
    if (draining.isEmpty() || !drainingFor.equals(id)) {
      LedgerGate gate = ledger.gate();
      draining = Optional.of(gate.between(() -> desk.startOver(gate)));
      drainingFor = id;
    }
    CompletableFuture<Void> waiting = draining.get().drained();
    if (waiting.isCompletedExceptionally()) {
      draining = Optional.empty();
      return false;
    }
    if (!waiting.isDone()) {
      prolong(id);
      return false;
    }
    Map<String, String> fields = new HashMap<>();
    for (Change held : draining.get().underWay()) {
      fields.merge(Booking.field(held), String.valueOf(held.held()), Rebuild::sum);
    }
    fields.put("s", "1");
    fields.put("r", "OK");
    fields.put("e", id);
    fields.put("a", String.valueOf(draining.get().atMillis()));
    commands.replace(keys.lease(leases.next()), fields);
    note();
    commands.join(keys.drained(id), leases.next(), DRAINED_MILLIS);
    drained = id;
    return true;
  }

  /// Nobody tells of a threshold again that this gateway knows to have been told.
  private void note() throws Unanswered, InterruptedException {
    Map<String, Map<String, String>> fields = new HashMap<>();
    Map<String, Long> until = new HashMap<>();
    long now = commands.nowMillis();
    for (Thresholds.Note note : desk.books(books -> books.counters().thresholds().notes(now))) {
      String key = keys.told(note.period().start(), "0:" + note.limit());
      Map<String, String> amounts = new HashMap<>();
      note.amounts()
          .forEach(
              (percent, amount) -> amounts.put(String.valueOf(percent), String.valueOf(amount)));
      fields.put(key, amounts);
      until.put(key, note.period().end());
    }
    commands.add(fields, until);
  }

  private static String sum(String a, String b) {
    return new BigInteger(a).add(new BigInteger(b)).toString();
  }

  private void prolong(String id) throws Unanswered, InterruptedException {
    if (id.equals(mine)) {
      commands.prolong(keys.rebuild(), CLAIM_MILLIS);
    }
  }

  private void lead(String id) throws Unanswered, InterruptedException {
    if (!id.equals(mine)) {
      return;
    }
    prolong(id);
    List<String> ready = commands.members(keys.drained(id));
    long now = commands.nowMillis();
    List<String> heard = commands.seenSince(keys.gateways(), now - HEARD_MILLIS);
    boolean complete = ready.size() >= desk.gateways() || now - claimedMillis >= UNHEARD_MILLIS;
    if (complete && ready.containsAll(heard)) {
      CountDownLatch written = new CountDownLatch(1);
      Thread.ofVirtual().name("quotas-claim").start(() -> keepClaim(written));
      try {
        write(id, ready, now);
      } finally {
        written.countDown();
      }
    }
  }

  /// The ledger takes as long as it takes to read, and nobody else is to begin meanwhile.
  private void keepClaim(CountDownLatch written) {
    try {
      while (!written.await(CLAIM_MILLIS / 10, TimeUnit.MILLISECONDS)) {
        commands.prolong(keys.rebuild(), CLAIM_MILLIS);
      }
    } catch (InterruptedException | Unanswered | RuntimeException e) {
      LOG.warn("a claim is not kept any longer", e);
    }
  }

  private void write(String id, List<String> ready, long now)
      throws Unanswered, InterruptedException {
    Map<String, String> starts = new HashMap<>(Map.of("@", "1"));
    ledger
        .past()
        .limits()
        .forEach((mark, subject) -> starts.put(Starting.field(mark, subject), Starts.FIRST));
    commands.replace(keys.starts(id), starts);
    Recount recount = new Recount(now);
    ledger.history().visit(recount::used);
    for (String of : ready) {
      commands
          .hash(keys.lease(of))
          .forEach((field, value) -> Booking.read(field, value).ifPresent(recount::held));
    }
    for (var each : recount.counters().entrySet()) {
      String key = keys.counters(id) + each.getKey();
      commands.replace(key, each.getValue().fields());
      if (each.getValue().forMillis() > 0) {
        commands.expire(key, each.getValue().forMillis());
      }
    }
    for (String of : ready) {
      commands.join(keys.counted(id), of, DRAINED_MILLIS);
    }
    prolong(id);
    wrote |= commands.publishIf(keys.rebuild(), keys.epoch(), id);
  }
}
