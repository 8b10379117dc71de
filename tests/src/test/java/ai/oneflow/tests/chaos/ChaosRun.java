package ai.oneflow.tests.chaos;

import static java.util.stream.Collectors.groupingBy;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Makes the requests of a plan, so many at a time, and gathers what is said of them.
final class ChaosRun {
  private static final int AT_A_TIME = 16;
  private static final Duration SQL_AWAY = Duration.ofMillis(700);

  private final Simulator provider;
  private final StandaloneProcess machine;
  private final ChaosCaller caller;
  private final List<Call> calls = new ArrayList<>();

  private record Call(Seen seen, boolean interrupted) {}

  ChaosRun(Simulator provider, StandaloneProcess machine) {
    this.provider = provider;
    this.machine = machine;
    this.caller = new ChaosCaller(machine.port(), this::strike);
  }

  private void strike(PlannedRequest planned) {
    switch (planned.fault().origin()) {
      case GATEWAY -> machine.killAndStartAgain();
      case SQL -> machine.lockLedger(SQL_AWAY);
      case NONE, PROVIDER, CALLER, REDIS ->
          throw new IllegalStateException("nothing is struck by " + planned.fault());
    }
  }

  /// All have ended for their callers when this returns.
  void make(FaultPlan plan) throws Exception {
    List<Callable<Call>> all =
        plan.requests().stream().<Callable<Call>>map(one -> () -> call(one)).toList();
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_A_TIME, Thread.ofVirtual().factory())) {
      for (Future<Call> call : threads.invokeAll(all)) {
        calls.add(call.get());
      }
    }
  }

  private Call call(PlannedRequest planned) {
    int kills = machine.kills();
    Seen seen = caller.call(planned, machine.identity(planned.index()));
    return new Call(seen, machine.kills() != kills);
  }

  /// As it is now, in the plan's order.
  List<Evidence> evidence() throws SQLException {
    Map<Integer, List<LedgerRows.Row>> rows = machine.rows().byRequest();
    Map<String, List<ReceivedRequest>> received =
        provider.requests().stream().collect(groupingBy(one -> one.planned().mark()));
    return calls.stream()
        .map(
            call ->
                new Evidence(
                    call.seen(),
                    call.interrupted(),
                    received.getOrDefault(call.seen().planned().mark(), List.of()),
                    rows.getOrDefault(call.seen().planned().index(), List.of())))
        .toList();
  }
}
