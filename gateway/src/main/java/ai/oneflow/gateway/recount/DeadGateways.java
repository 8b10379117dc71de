package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.config.LimitBook;
import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.ledger.sql.LateCharges;
import ai.oneflow.gateway.ledger.sql.LateCharges.Recorded;
import ai.oneflow.gateway.ledger.sql.SpendHistory.Spend;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.redis.Orphans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Charges the requests that ended with their gateway: at its last progress where nobody else has
/// written their event, and what it had written and not told its counters.
final class DeadGateways implements Orphans {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final JournaledLedger ledger;
  private final LateCharges charges;
  private final Supplier<LimitBook> limits;

  DeadGateways(JournaledLedger ledger, LateCharges charges, Supplier<LimitBook> limits) {
    this.ledger = ledger;
    this.charges = charges;
    this.limits = limits;
  }

  @Override
  public CompletableFuture<List<Used>> record(Death death) {
    return CompletableFuture.supplyAsync(
        () -> used(death), command -> Thread.ofVirtual().name("dead-gateway").start(command));
  }

  /// Events that the dead one's journal held are in SQL first where this is the same gateway, come
  /// back.
  private List<Used> used(Death death) {
    while (!ledger.isCarriedOn()) {
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    ledger.drain().join();
    try {
      return used(death, progress(death));
    } catch (SQLException e) {
      throw new IllegalStateException("the ledger cannot be read", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<EventId, ProgressJson> progress(Death death) throws IOException {
    Map<EventId, ProgressJson> requests = new HashMap<>();
    for (byte[] json : death.checkpoints().values()) {
      ProgressJson progress = ProgressJson.decode(json);
      requests.put(progress.id(), progress);
    }
    return requests;
  }

  /// Nothing fails once something is recorded: it would not be new the next time.
  private List<Used> used(Death death, Map<EventId, ProgressJson> requests) throws SQLException {
    Map<EventId, Recorded> known = charges.known(requests.keySet());
    List<Used> used = new ArrayList<>();
    if (death.untold().isPresent()) {
      Untold when = death.untold().get();
      for (Spend spend : charges.since(death.instance(), when.fromMillis(), when.untilMillis())) {
        used.addAll(of(spend));
      }
      for (Recorded recorded : known.values()) {
        if (isUncounted(recorded, death)) {
          used.addAll(of(recorded.spend()));
        }
      }
    }
    requests.keySet().removeAll(known.keySet());
    for (ProgressJson progress : requests.values()) {
      UsageEvent event = progress.cutShort();
      ledger.recordAside(event);
      used.addAll(of(event));
    }
    return used;
  }

  /// Whoever recorded it did not come to count it. What the dead one's own journal brought, it
  /// counted itself when it came back.
  private static boolean isUncounted(Recorded recorded, Death death) {
    return recorded.isCutShort() && !recorded.gateway().equals(death.instance());
  }

  private List<Used> of(Spend spend) {
    return of(
        spend.caller(),
        spend.destination(),
        spend.startMillis(),
        new Spent(1, spend.tokens(), spend.picoDollars()));
  }

  /// What an event counts for.
  List<Used> of(UsageEvent event) {
    return of(
        event.caller(),
        event.destination(),
        event.id().startMillis(),
        new Spent(1, event.usage().totalTokens(), event.cost().picoDollars()));
  }

  private List<Used> of(Caller caller, Destination destination, long atMillis, Spent spent) {
    List<Used> used = new ArrayList<>();
    for (Limit limit : limits.get().of(caller, destination)) {
      if (spent.of(limit) > 0) {
        used.add(new Used(limit, atMillis, spent.of(limit)));
      }
    }
    return used;
  }
}
