package ai.oneflow.tests.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.snapshot.SnapshotVersion;
import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.OperatorProcess;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.rights.Audit;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How soon a change is in force everywhere among many resources and gateways, what a restart of
/// the operator costs, and what both take of memory and of the API server. `make scale` runs it
/// with ten thousand resources and a hundred gateways.
class ScaleIT {
  private static final int RESOURCES = Integer.getInteger("scale.resources", 500);
  private static final int GATEWAYS = Integer.getInteger("scale.gateways", 20);
  private static final int CHANGES = Integer.getInteger("scale.changes", 40);

  /// What was asked for holds on a machine that does nothing else; `make scale` gives none.
  private static final int SLACK = Integer.getInteger("scale.slack", 5);

  private static final String NAMESPACE = "scale";
  private static final long MOST_BYTES = 512L << 20;
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(8);
  private static final Duration SOON = Duration.ofSeconds(10);

  /// As its image starts it, in a pod of 512 MiB.
  private static final List<String> JVM =
      List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx256m", "-XX:-UsePerfData");

  @TempDir Path folder;

  private final Population population = new Population(RESOURCES, NAMESPACE);

  @Test
  void aChangeIsInForceEverywhereWithinASecond() throws Exception {
    try (TestCluster cluster = TestCluster.start();
        KubernetesClient admin = OperatorProcess.admin(cluster)) {
      install(cluster);
      int port = FreePort.take();
      try (Program operator = OperatorProcess.start(cluster, folder, JVM, port)) {
        Site site = new Site(cluster, admin, operator);
        try (Ears ears = new Ears(GATEWAYS, Ears.Operator.of(cluster, folder, NAMESPACE, port))) {
          site.populate(population, ears);
          site.change(population, ears);
          mustBeSmall(operator);
          site.restart(ears);
          mustBeSmall(operator);
        }
      }
    }
  }

  private static void install(TestCluster cluster) {
    OperatorProcess.install(cluster);
    kubectl(cluster, "create", "namespace", NAMESPACE);
    kubectl(cluster, "create", "serviceaccount", "main-gateway", "-n", NAMESPACE);
  }

  private static void mustBeSmall(Program operator) throws Exception {
    long most = memory(operator);
    System.out.printf("scale: operator's resident memory at most %d MiB%n", most >> 20);
    assertThat(most).isLessThan(MOST_BYTES);
  }

  /// The most that was resident at any time (`VmHWM`); bytes.
  private static long memory(Program program) throws Exception {
    Path status = Path.of("/proc/%d/status".formatted(program.process().pid()));
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst()
        .orElseThrow();
  }

  private static String kubectl(TestCluster cluster, String... arguments) {
    Completed completed = cluster.kubectl(arguments);
    assertThat(completed.succeeded()).describedAs(completed.stderr()).isTrue();
    return completed.output();
  }

  private record Site(TestCluster cluster, KubernetesClient admin, Program operator) {

    /// Until each key is ready, in status too.
    void populate(Population population, Ears ears) throws Exception {
      long began = System.nanoTime();
      population.create(admin);
      long created = System.nanoTime();
      await()
          .atMost(SETTLED_WITHIN)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> ready() == population.keys());
      long ready = System.nanoTime();
      Map<String, Long> writes = Audit.read(cluster).writes();
      System.out.printf(
          "scale: %d resources created in %.1f s, ready %.1f s later; writes %s, %.0f a second%n",
          RESOURCES,
          (created - began) / 1e9,
          (ready - created) / 1e9,
          writes,
          total(writes) / ((ready - began) / 1e9));
      // Its Secret, an event or two, and its status, on the way and at the end.
      assertThat(total(writes)).isLessThan(5L * RESOURCES);
      ears.awaitNext(Optional.empty(), SETTLED_WITHIN);
    }

    private static long total(Map<String, Long> writes) {
      return writes.values().stream().mapToLong(Long::longValue).sum();
    }

    private long ready() {
      return kubectl(
              cluster,
              "get",
              "apikeys",
              "-n",
              NAMESPACE,
              "--chunk-size=0",
              "-o",
              "jsonpath={range .items[*]}{.status.conditions[?(@.type==\"Ready\")].status}{\"\\n"
                  + "\"}{end}")
          .lines()
          .filter("True"::equals)
          .count();
    }

    /// Suspends keys, one after the other; timed from the API server's answer.
    void change(Population population, Ears ears) throws Exception {
      Map<String, Long> before = Audit.read(cluster).writes();
      Optional<SnapshotVersion> version = Optional.of(ears.awaitNext(Optional.empty(), SOON));
      long[] nanos = new long[CHANGES];
      long bytes = 0;
      for (int i = 0; i < CHANGES; i++) {
        int key = (int) ((long) i * population.keys() / CHANGES);
        suspend(Population.keyName(key));
        long patched = System.nanoTime();
        version = Optional.of(ears.awaitNext(version, SOON));
        nanos[i] = Math.max(0, ears.latestNanos() - patched);
        bytes += ears.bytes();
      }
      Distribution distribution = new Distribution(nanos);
      System.out.printf(
          "scale: a change on %d gateways among %d resources: %s, %d bytes a gateway%n",
          GATEWAYS, RESOURCES, distribution, bytes / CHANGES / GATEWAYS);
      assertThat(distribution.percentileMillis(99)).isLessThan(1000 * SLACK);
      Map<String, Long> writes = since(before);
      // Of keys that were minted, which are told one after the other.
      writes.remove("events");
      System.out.printf("scale: writes of %d changes: %s%n", CHANGES, writes);
      // The key's status and the gateway's, on the way and at the end.
      assertThat(total(writes)).isLessThan(5L * CHANGES);
    }

    private void suspend(String key) {
      admin
          .resources(ApiKey.class)
          .inNamespace(NAMESPACE)
          .withName(key)
          .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspended\":true}}");
    }

    /// From SIGTERM until the last gateway has all of it again.
    void restart(Ears ears) throws Exception {
      SnapshotVersion version = ears.awaitNext(Optional.empty(), SOON);
      Map<String, Long> before = Audit.read(cluster).writes();
      operator.end();
      long ended = System.nanoTime();
      operator.startAgain();
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> ears.awaitNext(Optional.empty(), Duration.ofMinutes(1)).equals(version));
      System.out.printf(
          "scale: all of it to %d gateways %.1f s after the operator went, %.1f MB each%n",
          GATEWAYS, (ears.latestNanos() - ended) / 1e9, ears.bytes() / 1e6 / GATEWAYS);
      assertThat(Duration.ofNanos(ears.latestNanos() - ended))
          .as(operator::output)
          .isLessThan(SOON.multipliedBy(SLACK));
      Map<String, Long> writes = since(before);
      System.out.printf("scale: writes of a restart: %s%n", writes);
      // Events of keys that were made lately are tried, and refused: the API server has them.
      writes.keySet().removeAll(Set.of("leases", "tokenreviews", "events"));
      // What was so before is not written again.
      assertThat(total(writes)).isLessThan(Math.max(50, RESOURCES / 10));
    }

    private Map<String, Long> since(Map<String, Long> before) throws IOException {
      Map<String, Long> writes = Audit.read(cluster).writes();
      writes.replaceAll((kind, number) -> number - before.getOrDefault(kind, 0L));
      return writes;
    }
  }
}
