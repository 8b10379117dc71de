package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.tests.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a cluster runs for an LLMGateway, with the API server's own admission, garbage collector
/// and autoscaler, and with an operator that has the rights of its role.
class WorkloadIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Set<String> NAMESPACES =
      Set.of("made", "drifted", "scaled", "deleted", "refused-pods", "taken", "quiet");
  private static final String EVERYTHING =
      "serviceaccount,configmap,networkpolicy,poddisruptionbudget,service,deployment,"
          + "horizontalpodautoscaler,servicemonitor,prometheusrule";

  private static final String SHARED =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: main}
      spec: {redis: {url: "rediss://redis:6379"}}
      """;

  @TempDir static Path folder;
  private static @Nullable OperatorFixture started;

  @BeforeAll
  static void start() throws IOException {
    prometheusKinds();
    started = OperatorFixture.start(folder, NAMESPACES);
    for (String namespace : NAMESPACES) {
      operator()
          .kubectl(
              "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
    }
  }

  /// As a Prometheus operator brings them, less their schemas.
  private static void prometheusKinds() {
    for (String kind : List.of("ServiceMonitor", "PrometheusRule")) {
      String plural = kind.toLowerCase(Locale.ROOT) + "s";
      String crd =
          """
          apiVersion: apiextensions.k8s.io/v1
          kind: CustomResourceDefinition
          metadata: {name: %2$s.monitoring.coreos.com}
          spec:
            group: monitoring.coreos.com
            scope: Namespaced
            names: {kind: %1$s, plural: %2$s, singular: %3$s}
            versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
          """
              .formatted(kind, plural, plural.substring(0, plural.length() - 1));
      assertThat(TestCluster.shared().kubectlWithInput(crd, "apply", "-f", "-").succeeded())
          .isTrue();
    }
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  private static OperatorFixture operator() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  private static String get(String namespace, String resource, String path) {
    return operator()
        .kubectl("get", resource, "-n", namespace, "--ignore-not-found", "-o", "jsonpath=" + path);
  }

  private static void eventually(String namespace, String resource, String path, String value) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(get(namespace, resource, path)).isEqualTo(value));
  }

  private static List<String> dependents(String namespace) {
    return operator()
        .kubectl("get", EVERYTHING, "-n", namespace, "-o", "name", "--ignore-not-found")
        .lines()
        .filter(name -> name.endsWith("/main-gateway"))
        .map(name -> name.replaceFirst("[./].*", ""))
        .toList();
  }

  private static void patch(String namespace, String resource, String patch) {
    operator().kubectl("patch", resource, "-n", namespace, "--type=merge", "-p", patch);
  }

  @Test
  void oneManifestBringsPodsAndAllThatStandsAroundThem() {
    operator().apply("made", SHARED);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(dependents("made"))
                    .containsExactlyInAnyOrder(EVERYTHING.split(",", -1)));
    // The autoscaler's own decision; admission lets the pods in, though nothing less than the
    // strictest level would do.
    eventually("made", "deployment/main-gateway", "{.status.replicas}", "3");
    assertThat(get("made", "pods", "{range .items[*]}{.spec.serviceAccountName} {end}"))
        .isEqualTo("main-gateway main-gateway main-gateway");
    assertThat(get("made", "deployment/main-gateway", "{.metadata.ownerReferences[0].name}"))
        .isEqualTo("main");
    eventually("made", "llmgateway/main", "{.status.gateways.desired}", "3");
    assertThat(operator().condition("made", "llmgateway/main", "Ready"))
        .isEqualTo("False Progressing 0 of at least 3 pods are connected");
    assertThat(operator().kubectl("get", "events", "-n", "made")).doesNotContain("FailedCreate");
  }

  @Test
  void whatOthersChangeIsPutBackAndWhatTheyAddStays() {
    operator().apply("drifted", Manifests.GATEWAY);
    eventually("drifted", "deployment/main-gateway", "{.status.replicas}", "1");
    operator().kubectl("annotate", "service", "main-gateway", "-n", "drifted", "theirs=stays");
    patch("drifted", "service/main-gateway", "{\"spec\":{\"sessionAffinity\":\"ClientIP\"}}");
    operator().kubectl("set", "env", "deployment/main-gateway", "-n", "drifted", "THEIRS=stays");

    patch(
        "drifted",
        "service/main-gateway",
        "{\"spec\":{\"selector\":{\"app.kubernetes.io/name\":\"x\"}}}");
    patch("drifted", "deployment/main-gateway", "{\"spec\":{\"replicas\":4}}");
    operator()
        .kubectl("set", "image", "deployment/main-gateway", "-n", "drifted", "gateway=evil:1");
    operator().kubectl("delete", "configmap", "main-gateway", "-n", "drifted");
    operator()
        .kubectl("label", "pdb", "main-gateway", "-n", "drifted", "app.kubernetes.io/managed-by-");

    eventually(
        "drifted",
        "service/main-gateway",
        "{.spec.selector.app\\.kubernetes\\.io/name}",
        "oneflow-gateway");
    eventually(
        "drifted",
        "deployment/main-gateway",
        "{.spec.replicas} {.spec.template.spec.containers[0].image}",
        "1 oneflow-gateway:test");
    eventually("drifted", "configmap/main-gateway", "{.metadata.name}", "main-gateway");
    eventually(
        "drifted",
        "pdb/main-gateway",
        "{.metadata.labels.app\\.kubernetes\\.io/managed-by}",
        "oneflow-operator");
    assertThat(get("drifted", "service/main-gateway", "{.metadata.annotations.theirs}"))
        .isEqualTo("stays");
    assertThat(get("drifted", "service/main-gateway", "{.spec.sessionAffinity}"))
        .isEqualTo("ClientIP");
    assertThat(
            get(
                "drifted",
                "deployment/main-gateway",
                "{.spec.template.spec.containers[0].env[?(@.name==\"THEIRS\")].value}"))
        .isEqualTo("stays");
    assertThat(operator().kubectl("get", "events", "-n", "drifted")).contains("Restored");
  }

  @Test
  void theNumberOfPodsIsTheAutoscalersOrTheManifests() {
    operator().apply("scaled", SHARED);
    eventually("scaled", "deployment/main-gateway", "{.spec.replicas}", "3");
    operator().kubectl("scale", "deployment", "main-gateway", "-n", "scaled", "--replicas=5");

    patch("scaled", "llmgateway/main", "{\"spec\":{\"replicas\":4}}");
    eventually("scaled", "hpa/main-gateway", "{.metadata.name}", "");
    eventually("scaled", "deployment/main-gateway", "{.spec.replicas}", "4");

    patch("scaled", "llmgateway/main", "{\"spec\":{\"replicas\":null}}");
    eventually("scaled", "hpa/main-gateway", "{.spec.minReplicas}", "3");
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(8))
        .untilAsserted(
            () ->
                assertThat(get("scaled", "deployment/main-gateway", "{.spec.replicas}"))
                    .isEqualTo("4"));
    assertThat(operator().kubectl("get", "events", "-n", "scaled")).contains("Pruned");
  }

  @Test
  void nothingIsLeftOfADeletedGateway() {
    operator().apply("deleted", SHARED);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(dependents("deleted")).hasSize(9));

    operator().kubectl("delete", "llmgateway", "main", "-n", "deleted", "--cascade=foreground");

    await().atMost(PATIENCE).untilAsserted(() -> assertThat(dependents("deleted")).isEmpty());
    operator().apply("deleted", SHARED);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(dependents("deleted")).hasSize(9));
  }

  @Test
  void aRefusalIsSaidAndHoldsUpNoConfiguration() throws IOException {
    operator().kubectl("create", "quota", "none", "-n", "refused-pods", "--hard=services=0,pods=0");
    operator().gateway("refused-pods", "main-0");
    operator().apply("refused-pods", Manifests.KEY + SHARED);

    operator().awaitReady("refused-pods", "apikey/search");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator().condition("refused-pods", "llmgateway/main", "Ready"))
                    .startsWith("False WorkloadFailed Service main-gateway cannot be written: ")
                    .contains("exceeded quota"));
    assertThat(operator().kubectl("get", "events", "-n", "refused-pods"))
        .contains("WorkloadFailed");
    assertThat(dependents("refused-pods")).contains("deployment");
    operator()
        .kubectl(
            "patch",
            "quota",
            "none",
            "-n",
            "refused-pods",
            "--type=merge",
            "-p",
            "{\"spec\":{\"hard\":{\"services\":\"5\"}}}");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator().condition("refused-pods", "llmgateway/main", "Ready"))
                    .startsWith("False WorkloadFailed 1 of at least 3 pods are connected")
                    .contains("exceeded quota"));
    assertThat(dependents("refused-pods")).contains("service");
  }

  @Test
  void whatIsSomebodyElsesIsLeftAlone() throws IOException {
    operator().kubectl("create", "service", "clusterip", "main-gateway", "-n", "taken", "--tcp=1");
    operator().kubectl("create", "serviceaccount", "main-gateway", "-n", "taken");
    operator().gateway("taken", "main-0");
    operator().apply("taken", Manifests.GATEWAY);

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator().condition("taken", "llmgateway/main", "Ready"))
                    .startsWith("False WorkloadFailed Service taken/main-gateway is somebody"));
    assertThat(get("taken", "service/main-gateway", "{.spec.ports[0].port}")).isEqualTo("1");
    operator().kubectl("delete", "service", "main-gateway", "-n", "taken");
    operator().awaitReady("taken", "llmgateway/main");
    assertThat(get("taken", "service/main-gateway", "{.spec.ports[0].port}")).isEqualTo("8000");
    assertThat(get("taken", "serviceaccount/main-gateway", "{.metadata.ownerReferences[0].kind}"))
        .isEqualTo("LLMGateway");
  }

  @Test
  void nothingIsWrittenWhereNothingDiffers() throws IOException {
    operator().apply("quiet", SHARED);
    eventually("quiet", "deployment/main-gateway", "{.status.replicas}", "3");
    long before = quietWrites();

    operator().kubectl("annotate", "llmgateway", "main", "-n", "quiet", "a=b");
    operator().kubectl("annotate", "deployment", "main-gateway", "-n", "quiet", "a=b");
    operator().restart();
    operator().kubectl("annotate", "service", "main-gateway", "-n", "quiet", "a=b");
    operator().gateway("quiet", "main-0");
    eventually("quiet", "llmgateway/main", "{.status.gateways.connected}", "1");

    assertThat(quietWrites()).isEqualTo(before);
  }

  /// Server-side applies of dependents that the API server has counted, once their number rests.
  private static long quietWrites() {
    long[] last = {-1};
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(3))
        .until(
            () -> {
              long now = applies();
              boolean rests = now == last[0];
              last[0] = now;
              return rests;
            });
    return last[0];
  }

  private static long applies() {
    return operator()
        .kubectl("get", "--raw", "/metrics")
        .lines()
        .filter(line -> line.startsWith("apiserver_request_total{"))
        .filter(line -> line.contains("verb=\"APPLY\"") && line.contains("subresource=\"\""))
        // An operator that starts publishes its authority in one, whatever there is.
        .filter(line -> !line.contains("resource=\"configmaps\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
