package ai.oneflow.tests.chaos;

import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.tests.chaos.ChaosCaller.Identity;
import ai.oneflow.tests.process.ServingProcess;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes the requests of a plan, so many at a time, and gathers what is said of them.
///
/// Who is turned away before a provider is called, since a gateway is dead or must not guess, comes
/// again until it is served: otherwise thousands would be used up in the second that counters take
/// to be there again.
final class ChaosRun {
  private static final int AT_A_TIME = 16;
  private static final int TOLD_TIMES = 10;
  private static final Set<String> BEFORE_A_PROVIDER =
      Set.of("limits_unavailable", "ledger_unavailable");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration WRITTEN_WITHIN = Duration.ofSeconds(2);
  private static final Duration STEP = Duration.ofMillis(100);

  private final Simulator provider;
  private final Site site;
  private final ChaosCaller caller;
  private final AtomicInteger done = new AtomicInteger();
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final List<Call> calls = new ArrayList<>();

  private record Call(Seen seen, ServingProcess gateway, long fromNanos, long toNanos) {
    /// A gateway that counts tokens writes down what became of a request only then. Who saw the
    /// last byte of an answer saw it after that; others left off before.
    boolean isInterrupted() {
      boolean sawTheEnd = seen.ending() == Seen.Ending.WHOLE && seen.error().isEmpty();
      return gateway.wasKilledBetween(
          fromNanos, sawTheEnd ? toNanos : toNanos + WRITTEN_WITHIN.toNanos());
    }

    /// Without a provider's having been called, if the gateway keeps its word.
    boolean isTurnedAway() {
      return switch (seen.ending()) {
        case REFUSED -> true;
        case WHOLE -> BEFORE_A_PROVIDER.contains(seen.error());
        case LEFT, BROKEN, SILENT -> false;
      };
    }
  }

  ChaosRun(Simulator provider, Site site) {
    this.provider = provider;
    this.site = site;
    this.caller = new ChaosCaller(site::strike);
  }

  /// All have ended for their callers when this returns.
  void make(FaultPlan plan) throws Exception {
    int told = Math.max(1, plan.requests().size() / TOLD_TIMES);
    List<Callable<Call>> all =
        plan.requests().stream().<Callable<Call>>map(one -> () -> finish(one, told)).toList();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
      for (Future<Call> call : threads.invokeAll(all)) {
        calls.add(call.get());
      }
    }
  }

  private Call finish(PlannedRequest planned, int told) {
    Call call =
        await("a gateway that serves " + planned)
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(STEP)
            .until(() -> call(planned), one -> !one.isTurnedAway());
    int ended = done.incrementAndGet();
    if (ended % told == 0) {
      System.out.println(ended + " requests have ended");
    }
    return call;
  }

  private Call call(PlannedRequest planned) {
    int index = planned.index();
    ServingProcess gateway = site.gateway(index);
    Pair pair = Pair.of(index);
    Identity identity = new Identity(gateway.port(), site.secret(pair.key()), pair.model());
    long from = System.nanoTime();
    Seen seen = caller.call(planned, identity);
    Call call = new Call(seen, gateway, from, System.nanoTime());
    turnedAway.addAndGet(call.isTurnedAway() ? 1 : 0);
    return call;
  }

  /// How often somebody had to come again.
  int turnedAway() {
    return turnedAway.get();
  }

  /// As it is now, in the plan's order.
  List<Evidence> evidence() throws SQLException {
    Map<Integer, List<LedgerRows.Row>> rows = site.rows().byRequest();
    Map<String, List<ReceivedRequest>> received =
        provider.requests().stream().collect(groupingBy(one -> one.planned().mark()));
    return calls.stream()
        .map(
            call ->
                new Evidence(
                    call.seen(),
                    call.isInterrupted(),
                    received.getOrDefault(call.seen().planned().mark(), List.of()),
                    rows.getOrDefault(call.seen().planned().index(), List.of())))
        .toList();
  }
}
