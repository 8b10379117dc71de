package ai.oneflow.tests.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final String MODEL = "gpt-4o";

  /// A second and a half long.
  private static final String STREAM_SCRIPT = "sim tokens=75 gap=20ms";

  @TempDir Path folder;
  private final List<ServingProcess> gateways = new ArrayList<>();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger served = new AtomicInteger();
  private volatile boolean enough;

  @Test
  void nobodyNoticesRestartsAndChanges() throws Exception {
    assumeTrue(HaProxy.installed().isPresent(), "no HAProxy is installed");
    int restarts = Integer.getInteger("rolling.restarts", 4);
    int changes = Integer.getInteger("rolling.changes", 100);
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults())) {
      Path configuration = folder.resolve("configuration.json");
      ConfiguredGateway.write(snapshot(provider.baseUrl(), 0), configuration);
      startGateways(configuration);
      try (HaProxy balancer = HaProxy.start(HaProxy.installed().orElseThrow(), servers())) {
        List<Thread> callers = startCallers(balancer.port());
        Thread changing =
            Thread.startVirtualThread(() -> change(provider.baseUrl(), configuration, changes));
        for (int i = 0; i < restarts; i++) {
          LockSupport.parkNanos(HaProxy.LEARNS_WITHIN.toNanos());
          gateways.get(i % GATEWAYS).restart();
        }
        changing.join();
        enough = true;
        for (Thread caller : callers) {
          caller.join();
        }
      } finally {
        gateways.forEach(ServingProcess::close);
      }
    }

    System.out.printf(
        "rolling: %d restarts, %d changes, %d requests served, %d failed%n",
        restarts, changes, served.get(), failed.size());
    assertThat(failed).isEmpty();
    assertThat(served).hasValueGreaterThan(100);
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

  /// Half of them ask for one answer after the other, half read streams.
  private List<Thread> startCallers(int port) {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      boolean stream = i % 2 == 0;
      callers.add(Thread.startVirtualThread(() -> ask(port, stream)));
    }
    return callers;
  }

  private void ask(int port, boolean stream) {
    String body =
        """
        {"model":"%s","stream":%s%s,"messages":[{"role":"user","content":"Hello"}]}"""
            .formatted(MODEL, stream, stream ? ",\"user\":\"" + STREAM_SCRIPT + "\"" : "");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .timeout(Duration.ofSeconds(20))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + Configurations.KEY)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (!enough) {
        HttpResponse<String> answer =
            client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
        boolean whole = !stream || answer.body().endsWith("data: [DONE]\n\n");
        if (answer.statusCode() == 200 && whole) {
          served.incrementAndGet();
        } else {
          failed.add(answer.statusCode() + " " + answer.body());
        }
      }
    } catch (IOException e) {
      failed.add((stream ? "stream: " : "answer: ") + e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Each change brings another model.
  private void change(URI provider, Path configuration, int changes) {
    try {
      for (int i = 1; i <= changes; i++) {
        LockSupport.parkNanos(CHANGES_EVERY.toNanos());
        ConfiguredGateway.write(snapshot(provider, i), configuration);
      }
    } catch (IOException e) {
      failed.add(e.toString());
    }
  }

  private static GatewaySnapshot snapshot(URI provider, int change) {
    List<Entry> entries =
        Configurations.entries(provider, List.of(MODEL, "model-" + change), List.of());
    return GatewaySnapshot.of(entries);
  }
}
