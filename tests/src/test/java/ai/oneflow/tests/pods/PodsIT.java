package ai.oneflow.tests.pods;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.servers.PostgresServer;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.ProcessNodes;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.fleet.Callers;
import ai.oneflow.tests.image.RootFileSystem;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The install and the quickstart on a cluster whose nodes run operator and gateways as processes:
/// everything an administrator does to them from day to day, under load, and nobody notices.
class PodsIT {
  private static final String DEPLOYMENT = "deployment/gateway-gateway";
  private static final int CALLERS = 6;

  @TempDir Path folder;

  @Test
  void nobodyNoticesWhatAnAdministratorDoes() throws Exception {
    assumeTrue(RootFileSystem.canBeStarted(), "no root, or no Linux: Pods cannot be run here");
    Optional<RedisProgram> redis = RedisProgram.any();
    assumeTrue(redis.isPresent(), "no Redis is installed");
    Optional<Path> postgres = PostgresServer.installed();
    assumeTrue(postgres.isPresent(), "no PostgreSQL is installed");
    Map<String, ProcessNodes.Image> images = images();
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        RedisServer counters = RedisServer.start(redis.orElseThrow(), Persistence.NONE);
        PostgresServer ledger = PostgresServer.start(postgres.orElseThrow());
        TestCluster cluster = TestCluster.start();
        ProcessNodes nodes = ProcessNodes.start(cluster, List.of("n1", "n2", "n3"), images)) {
      Site site = new Site(cluster, nodes);
      String database = ledger.newDatabase("pods");
      site.install(provider.baseUrl(), counters.url(), database);
      Callers.Seen seen = underLoad(site);

      System.out.printf(
          "pods: %d requests served, %d failed%n", seen.served(), seen.failed().size());
      assertThat(seen.failed()).isEmpty();
      assertThat(seen.served()).isGreaterThan(1000);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(completed(database)).isEqualTo(seen.served()));
    }
  }

  private Map<String, ProcessNodes.Image> images() throws Exception {
    Map<String, ProcessNodes.Image> images = new TreeMap<>();
    for (String program : List.of("operator", "gateway")) {
      Path root = folder.resolve(program);
      RootFileSystem.assemble(program, root);
      images.put(
          "oneflow-" + program + ":dev",
          new ProcessNodes.Image(root, RootFileSystem.dockerfile(program)));
    }
    return images;
  }

  private static Callers.Seen underLoad(Site site) throws Exception {
    Callers callers = Callers.start(site.gateway(), site.key(), CALLERS);
    site.rollOut(DEPLOYMENT, "default");
    site.rollOut("deployment/oneflow-operator", "oneflow");
    site.scale(10);
    site.scale(3);
    site.evictTwoAtOnce();
    site.drain("n1");
    site.killTheLeadingOperator();
    site.startAGatewayWithoutOperator();
    return callers.stop();
  }

  private static long completed(String database) throws Exception {
    try (Connection connection = DriverManager.getConnection(database, PostgresServer.USER, "");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT count(*) FROM usage WHERE outcome = 'completed'")) {
      result.next();
      return result.getLong(1);
    }
  }

  /// What an administrator sees of the cluster.
  private record Site(TestCluster cluster, ProcessNodes nodes) {
    private static final String LONG = "--timeout=180s";

    void install(URI provider, URI counters, String database) {
      kubectl("apply", "--server-side", "-k", "deploy/kustomize/base");
      kubectl("wait", "--for=condition=Established", "crd", "--all", LONG);
      kubectl("rollout", "status", "deployment/oneflow-operator", "-n", "oneflow", LONG);
      kubectl("apply", "-f", "examples/quickstart");
      apply(
          """
          apiVersion: oneflow.ai/v1alpha1
          kind: LLMProvider
          metadata: {name: openai}
          spec: {endpoint: "%s"}
          ---
          apiVersion: oneflow.ai/v1alpha1
          kind: LLMGateway
          metadata: {name: gateway}
          spec:
            replicas: 3
            defaults: {requestsPerUser: 1000000/hour}
            redis: {url: "%s"}
            ledger: {url: "%s"}
          ---
          apiVersion: oneflow.ai/v1alpha1
          kind: ApiKey
          metadata: {name: load}
          spec: {user: load, project: load}
          """
              .formatted(provider, counters, database));
      kubectl("wait", "--for=condition=Ready", "llmgateway/gateway", LONG);
      kubectl("wait", "--for=condition=Ready", "apikey/load", LONG);
    }

    URI gateway() {
      return nodes.service("default", "gateway-gateway", 8000);
    }

    String key() {
      String encoded = kubectl("get", "secret", "load-key", "-o", "jsonpath={.data.api-key}");
      return new String(Base64.getDecoder().decode(encoded), UTF_8);
    }

    void rollOut(String deployment, String namespace) {
      kubectl("rollout", "restart", deployment, "-n", namespace);
      kubectl("rollout", "status", deployment, "-n", namespace, LONG);
    }

    void scale(int replicas) {
      String patch = "{\"spec\":{\"replicas\":%d}}".formatted(replicas);
      kubectl("patch", "llmgateway/gateway", "--type=merge", "-p", patch);
      kubectl("wait", "--for=jsonpath={.spec.replicas}=" + replicas, DEPLOYMENT, LONG);
      kubectl("rollout", "status", DEPLOYMENT, LONG);
      awaitPods(replicas);
    }

    /// Of which the budget lets one go.
    void evictTwoAtOnce() {
      List<String> pods = gatewayPods().lines().limit(2).toList();
      Completed first = evict(pods.getFirst());
      Completed second = evict(pods.getLast());
      assertThat(first.succeeded()).describedAs(first.stderr()).isTrue();
      assertThat(second.succeeded()).isFalse();
      assertThat(second.stderr()).contains("disruption budget");
      kubectl("rollout", "status", DEPLOYMENT, LONG);
      awaitPods(3);
    }

    private Completed evict(String pod) {
      String name = pod.substring("pod/".length());
      String eviction =
          """
          {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "%s", "namespace": "default"}}
          """
              .formatted(name);
      String path = "/api/v1/namespaces/default/pods/%s/eviction".formatted(name);
      return cluster.kubectlWithInput(eviction, "create", "--raw", path, "-f", "-");
    }

    /// The budget lets one pod go at a time, so that this takes as long as their successors do.
    void drain(String node) {
      kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", LONG);
      assertThat(podsOn(node)).isEmpty();
      kubectl("uncordon", node);
      kubectl("rollout", "status", DEPLOYMENT, LONG);
      awaitPods(3);
    }

    /// Fifteen seconds after its last renewal the other may lead.
    void killTheLeadingOperator() {
      await().atMost(Duration.ofSeconds(30)).until(() -> leaders().lines().count() == 1);
      String killed = leaders().strip();
      kubectl("delete", "-n", "oneflow", killed, "--grace-period=0", "--force");
      apply(
          """
          apiVersion: oneflow.ai/v1alpha1
          kind: ApiKey
          metadata: {name: later}
          spec: {user: later, project: load}
          """);
      kubectl("wait", "--for=condition=Ready", "apikey/later", LONG);
      assertThat(leaders()).doesNotContain(killed);
    }

    private String leaders() {
      return kubectl("get", "pods", "-n", "oneflow", "-l", "oneflow.ai/leader=true", "-o", "name");
    }

    /// What the operator kept is what the pod that takes the deleted one's place serves by.
    void startAGatewayWithoutOperator() {
      kubectl("scale", "deployment/oneflow-operator", "-n", "oneflow", "--replicas=0");
      kubectl("wait", "--for=delete", "pod", "--all", "-n", "oneflow", LONG);
      String deleted = gatewayPods().lines().findFirst().orElseThrow();
      kubectl("delete", deleted);
      kubectl("rollout", "status", DEPLOYMENT, LONG);
      assertThat(gatewayPods()).doesNotContain(deleted).hasLineCount(3);
      kubectl("scale", "deployment/oneflow-operator", "-n", "oneflow", "--replicas=2");
      kubectl("rollout", "status", "deployment/oneflow-operator", "-n", "oneflow", LONG);
      kubectl("wait", "--for=condition=Ready", "llmgateway/gateway", LONG);
    }

    private String gatewayPods() {
      return kubectl("get", "pods", "-l", "app.kubernetes.io/name=oneflow-gateway", "-o", "name");
    }

    private void awaitPods(int number) {
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(gatewayPods()).hasLineCount(number));
    }

    private String podsOn(String node) {
      return kubectl(
          "get", "pods", "-A", "--field-selector", "spec.nodeName=" + node, "-o", "name");
    }

    private void apply(String yaml) {
      Completed applied =
          cluster.kubectlWithInput(yaml, "apply", "--server-side", "--force-conflicts", "-f", "-");
      assertThat(applied.succeeded()).describedAs(applied.stderr()).isTrue();
    }

    private String kubectl(String... arguments) {
      return cluster.kubectl(arguments).output();
    }
  }
}
