package ai.oneflow.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest.State;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.tests.chaos.Fault.Origin;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever becomes of a request, the ledger has it once and as it was.
final class ChaosIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");

  @Test
  void theLedgerAgreesWithCallersAndProviderThoughTheGatewayIsKilledAfterwards() throws Exception {
    mustAgree(FaultPlan.of(100, Fault.of(Origin.NONE, Origin.PROVIDER, Origin.CALLER)));
  }

  @Test
  void theLedgerAgreesWithCallersAndProviderThoughGatewayAndDatabaseFailInBetween()
      throws Exception {
    mustAgree(
        FaultPlan.of(
            150,
            Fault.of(Origin.NONE, Origin.PROVIDER, Origin.CALLER, Origin.GATEWAY, Origin.SQL)));
  }

  private void mustAgree(FaultPlan plan) throws Exception {
    System.out.println("to repeat: " + plan.repetition(ChaosIT.class));
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        StandaloneProcess machine =
            StandaloneProcess.start(folder, provider.baseUrl(), plan.requests().size())) {
      ChaosRun run = new ChaosRun(provider, machine);
      run.make(plan);
      machine.awaitIdle();
      machine.killAndStartAgain();

      awaitAll(run);

      List<Evidence> evidence = run.evidence();
      assertThat(evidence).hasSize(plan.requests().size());
      assertThat(breaches(evidence)).as(plan.repetition(ChaosIT.class)).isEmpty();
      assertThat(evidence.stream().flatMap(one -> one.received().stream()))
          .extracting(one -> one.produced().state())
          .doesNotContain(State.RUNNING);
      assertThat(machine.log()).doesNotContain(" ERROR ");
    }
  }

  /// Until there are as many lines as calls of the provider, or for long enough to say that there
  /// never will be; what is amiss then is told request by request.
  private static void awaitAll(ChaosRun run) {
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(100))
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(
              () ->
                  run.evidence().stream()
                      .allMatch(one -> one.rows().size() >= one.received().size()));
    } catch (ConditionTimeoutException e) {
      System.out.println("lines are missing: " + e.getMessage());
    }
  }

  private static Stream<String> breaches(List<Evidence> evidence) {
    return evidence.stream()
        .flatMap(one -> Judge.breaches(one).stream().map(breach -> breach + "\n  of " + one));
  }
}
