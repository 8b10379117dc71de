package ai.oneflow.tests.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.tests.cluster.OperatorProcess;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.scale.Ears;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator is shipped with the rights that it needs and no others: in a life with everything
/// in it, nothing is forbidden to it and each right is used.
class RightsIT {
  private static final Path MANIFEST = Path.of("..", "operator/src/main/k8s/operator.yaml");
  private static final List<String> JVM = List.of("-Xmx192m", "-XX:+UseSerialGC");
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /// No request needs these: an admission plugin asks for them when an owner reference blocks the
  /// owner's deletion.
  private static final Set<String> ASKED_FOR_BY_ADMISSION =
      Set.of("update apikeys/finalizers.oneflow.ai", "update llmgateways/finalizers.oneflow.ai");

  @TempDir Path folder;

  @Test
  void eachRightIsUsedAndNothingElseIsAskedFor() throws Exception {
    try (TestCluster cluster = TestCluster.start();
        KubernetesClient admin = OperatorProcess.admin(cluster)) {
      install(cluster);
      live(cluster);

      Audit audit = Audit.read(cluster);
      assertThat(audit.forbidden()).isEmpty();
      Set<Right> used = audit.used();
      assertThat(Right.granted(admin, MANIFEST))
          .filteredOn(right -> used.stream().noneMatch(right::covers))
          .extracting(Right::toString)
          .as("rights that were never used")
          .containsExactlyInAnyOrderElementsOf(ASKED_FOR_BY_ADMISSION);
    }
  }

  private static void install(TestCluster cluster) {
    apply(cluster, Life.PROMETHEUS_KINDS);
    OperatorProcess.install(cluster);
    apply(cluster, Life.POD_OF_THE_OPERATOR);
    kubectl(cluster, "create", "namespace", "life");
  }

  private void live(TestCluster cluster) throws Exception {
    int port = FreePort.take();
    try (Program operator = operator(cluster, port, "one.example")) {
      apply(cluster, Life.RESOURCES);
      await().atMost(PATIENCE).until(() -> accounts(cluster).contains("main-gateway"));
      try (Ears ears = new Ears(1, Ears.Operator.of(cluster, folder, "life", port))) {
        ears.awaitNext(Optional.empty(), PATIENCE);
        ready(cluster);
        gatewaysHaveNone(cluster);
        keepTwice(cluster);
        rotate(cluster);
        empty(cluster);
        dropTheAutoscaler(cluster);
      }
      operator.end();
    }
    // A name that the certificate has not: it is renewed.
    try (Program _ = operator(cluster, port, "two.example");
        Ears ears = new Ears(1, Ears.Operator.of(cluster, folder, "life", port))) {
      ears.awaitNext(Optional.empty(), PATIENCE);
    }
  }

  private Program operator(TestCluster cluster, int port, String name) throws Exception {
    return OperatorProcess.start(
        cluster, folder, JVM, port, "--pod", "operator", "--push-names", name);
  }

  private static void ready(TestCluster cluster) {
    for (String resource :
        List.of("llmprovider/openai", "routingpolicy/smart", "apikey/search", "quotapolicy/all")) {
      kubectl(cluster, "wait", "--for=condition=Ready", resource, "-n", "life", "--timeout=30s");
    }
    await()
        .atMost(PATIENCE)
        .until(
            () -> name(cluster, "hpa").equals("horizontalpodautoscaler.autoscaling/main-gateway"));
    await().atMost(PATIENCE).until(() -> !name(cluster, "servicemonitor").isEmpty());
  }

  /// But what every account may ask about itself.
  private static void gatewaysHaveNone(TestCluster cluster) {
    String account = "system:serviceaccount:life:main-gateway";
    String rights =
        kubectl(cluster, "auth", "can-i", "--list", "--no-headers", "-n", "life", "--as", account);
    assertThat(rights.lines())
        .anyMatch(line -> line.startsWith("selfsubject"))
        .allMatch(line -> line.startsWith("selfsubject") || line.startsWith(" "));
  }

  /// The first is created, and one of a slot that is there is replaced.
  private static void keepTwice(TestCluster cluster) {
    for (int change = 1; change <= 2; change++) {
      String before = kept(cluster);
      String requests = "{\"spec\":{\"requests\":\"%d00/hour\"}}".formatted(change);
      kubectl(cluster, "patch", "quotapolicy/all", "-n", "life", "--type=merge", "-p", requests);
      await().atMost(PATIENCE).until(() -> !kept(cluster).equals(before));
    }
  }

  private static String kept(TestCluster cluster) {
    return kubectl(
        cluster,
        "get",
        "secrets",
        "-n",
        "life",
        "--field-selector=type=oneflow.ai/snapshot",
        "-o",
        "jsonpath={.items[*].metadata.resourceVersion}");
  }

  private static void rotate(TestCluster cluster) {
    String before = key(cluster);
    kubectl(cluster, "annotate", "apikey/search", "-n", "life", "oneflow.ai/rotate=now");
    await().atMost(PATIENCE).until(() -> !key(cluster).equals(before));
  }

  private static String key(TestCluster cluster) {
    return kubectl(
        cluster, "get", "secret/search-key", "-n", "life", "-o", "jsonpath={.data.api-key}");
  }

  /// Of a Secret that somebody emptied the operator makes a whole one again.
  private static void empty(TestCluster cluster) {
    kubectl(
        cluster,
        "patch",
        "secret/search-key",
        "-n",
        "life",
        "--type=merge",
        "-p",
        "{\"data\":null}");
    await().atMost(PATIENCE).until(() -> !key(cluster).isEmpty());
  }

  private static void dropTheAutoscaler(TestCluster cluster) {
    String fixed = "{\"spec\":{\"replicas\":2,\"autoscaling\":null}}";
    kubectl(cluster, "patch", "llmgateway/main", "-n", "life", "--type=merge", "-p", fixed);
    await().atMost(PATIENCE).until(() -> name(cluster, "hpa").isEmpty());
  }

  private static String accounts(TestCluster cluster) {
    return name(cluster, "serviceaccounts");
  }

  private static String name(TestCluster cluster, String kind) {
    return kubectl(cluster, "get", kind, "-n", "life", "-o", "name").strip();
  }

  private static void apply(TestCluster cluster, String yaml) {
    var applied = cluster.kubectlWithInput(yaml, "apply", "-f", "-");
    assertThat(applied.succeeded()).describedAs(applied.stderr()).isTrue();
  }

  private static String kubectl(TestCluster cluster, String... arguments) {
    return cluster.kubectl(arguments).output();
  }
}
