package ai.oneflow.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.simulator.ReceivedRequest.State;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.tests.chaos.Fault.Origin;
import ai.oneflow.tests.chaos.LedgerRows.Row;
import ai.oneflow.tests.fleet.Fleet;
import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever becomes of a request, the ledger has it once and as it was, and so have the counters.
final class ChaosIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder = Path.of("");

  @Test
  void theLedgerOfOneMachineAgreesWithCallersAndProvider() throws Exception {
    FaultPlan plan =
        FaultPlan.of(
            120, Fault.of(Origin.NONE, Origin.PROVIDER, Origin.CALLER, Origin.GATEWAY, Origin.SQL));
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        Site site = StandaloneSite.start(folder, provider.baseUrl(), plan.requests().size())) {
      mustAgree(plan, provider, site);
    }
  }

  @Test
  void theLedgerOfAFleetAgreesWithCallersProviderAndCounters() throws Exception {
    assumeTrue(Fleet.missing().isEmpty(), Fleet.missing().orElse(""));
    FaultPlan plan = FaultPlan.of(160, Fault.of(Origin.values()));
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        Site site = FleetSite.start(folder, provider.baseUrl(), plan.requests().size())) {
      mustAgree(plan, provider, site);
    }
  }

  private static void mustAgree(FaultPlan plan, Simulator provider, Site site) throws Exception {
    String repetition = plan.repetition(ChaosIT.class);
    System.out.println("to repeat: " + repetition);
    long begun = System.nanoTime();
    ChaosRun run = new ChaosRun(provider, site);
    run.make(plan);
    site.awaitIdle();
    site.gateways().forEach(ServingProcess::killAndStartAgain);

    awaitAll(run);

    List<Evidence> evidence = run.evidence();
    System.out.println(Summary.of(evidence, Duration.ofNanos(System.nanoTime() - begun)));
    System.out.println(run.turnedAway() + " times somebody was turned away and came again");
    assertThat(evidence).hasSize(plan.requests().size());
    assertThat(breaches(evidence)).as(repetition).isEmpty();
    assertThat(evidence.stream().flatMap(one -> one.received().stream()))
        .extracting(one -> one.produced().state())
        .doesNotContain(State.RUNNING);
    mustBeCounted(plan, site);
    assertThat(site.gateways()).allSatisfy(one -> assertThat(one.log()).doesNotContain(" ERROR "));
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

  /// Nothing is missing in the counters. What a killed gateway had settled at its very end may
  /// be counted twice, until counters are summed up anew. What gateways held for requests that have
  /// ended, and shares of limits, are given back first.
  private static void mustBeCounted(FaultPlan plan, Site site) throws Exception {
    awaitCounters(plan, site, told -> told >= 0);
    site.countAnew();
    awaitCounters(plan, site, told -> told == 0);
  }

  private static void awaitCounters(FaultPlan plan, Site site, IntPredicate allowed)
      throws SQLException {
    List<String> keys = Pair.keys(plan.requests().size());
    List<Row> rows = site.rows().byRequest().values().stream().flatMap(List::stream).toList();
    try (Counters counters = new Counters(site)) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> assertThat(counters.differences(keys, rows, allowed)).isEmpty());
    }
  }
}
