package ai.oneflow.tests.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.servers.HaProxy;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.tests.dataplane.Configurations;
import ai.oneflow.tests.process.JavaProgram;
import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Gateways behind a balancer of TCP connections that are restarted one after the other, while
/// their configuration changes all the time and callers ask and read streams: nobody notices. How
/// many of both, by the system properties `rolling.restarts` and `rolling.changes`.
class RollingIT {
  private static final int GATEWAYS = 2;
  private static final int CALLERS = 6;

  /// As long as the balancer takes to learn that a gateway is not ready, and the same again.
  private static final long LAG_MILLIS = 2 * HaProxy.LEARNS_WITHIN.toMillis();

  private static final Duration CHANGES_EVERY = Duration.ofMillis(50);
  private static final String MODEL = Callers.MODEL;

  @TempDir Path folder;
  private final List<ServingProcess> gateways = new ArrayList<>();
  private final Queue<String> notChanged = new ConcurrentLinkedQueue<>();

  @Test
  void nobodyNoticesRestartsAndChanges() throws Exception {
    assumeTrue(HaProxy.installed().isPresent(), "no HAProxy is installed");
    int restarts = Integer.getInteger("rolling.restarts", 4);
    int changes = Integer.getInteger("rolling.changes", 100);
    Callers.Seen seen;
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults())) {
      Path configuration = folder.resolve("configuration.json");
      ConfiguredGateway.write(snapshot(provider.baseUrl(), 0), configuration);
      startGateways(configuration);
      try (HaProxy balancer = HaProxy.start(HaProxy.installed().orElseThrow(), servers())) {
        Callers callers =
            Callers.start(
                URI.create("http://127.0.0.1:" + balancer.port()), Configurations.KEY, CALLERS);
        Thread changing =
            Thread.startVirtualThread(() -> change(provider.baseUrl(), configuration, changes));
        for (int i = 0; i < restarts; i++) {
          LockSupport.parkNanos(HaProxy.LEARNS_WITHIN.toNanos());
          gateways.get(i % GATEWAYS).restart();
        }
        changing.join();
        seen = callers.stop();
      } finally {
        gateways.forEach(ServingProcess::close);
      }
    }

    System.out.printf(
        "rolling: %d restarts, %d changes, %d requests served, %d failed%n",
        restarts, changes, seen.served(), seen.failed().size());
    assertThat(seen.failed()).isEmpty();
    assertThat(notChanged).isEmpty();
    assertThat(seen.served()).isGreaterThan(100);
    assertThat(gateways).allSatisfy(each -> assertThat(each.log()).doesNotContain("deadline"));
  }

  private void startGateways(Path configuration) throws IOException {
    for (int i = 0; i < GATEWAYS; i++) {
      ServingProcess.Ports ports = ServingProcess.Ports.free();
      Path own = Files.createDirectory(folder.resolve("gateway-" + i));
      ConfiguredGateway.Start start =
          new ConfiguredGateway.Start(
              "gateway-" + i,
              ports.callers(),
              ports.management(),
              "jdbc:sqlite:" + own.resolve("ledger.db"),
              own,
              configuration,
              LAG_MILLIS);
      gateways.add(
          new ServingProcess(
              JavaProgram.start(ConfiguredGateway.class, start.arguments(), own.resolve("log")),
              ports));
    }
    gateways.forEach(ServingProcess::awaitReady);
  }

  private List<HaProxy.Server> servers() {
    return gateways.stream()
        .map(each -> new HaProxy.Server(each.ports().callers(), each.ports().management()))
        .toList();
  }

  /// Each change brings another model.
  private void change(URI provider, Path configuration, int changes) {
    try {
      for (int i = 1; i <= changes; i++) {
        LockSupport.parkNanos(CHANGES_EVERY.toNanos());
        ConfiguredGateway.write(snapshot(provider, i), configuration);
      }
    } catch (IOException e) {
      notChanged.add(e.toString());
    }
  }

  private static GatewaySnapshot snapshot(URI provider, int change) {
    List<Entry> entries =
        Configurations.entries(provider, List.of(MODEL, "model-" + change), List.of());
    return GatewaySnapshot.of(entries);
  }
}
