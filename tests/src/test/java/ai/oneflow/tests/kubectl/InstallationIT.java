package ai.oneflow.tests.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.tests.cluster.ProcessNodes;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.kubectl.Tool.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// One cluster, from nothing over an install to one that is fit for production, as doctor, health
/// and the checklist see it. Its Pods are said to run; what an operator would say, the test does.
@TestMethodOrder(OrderAnnotation.class)
class InstallationIT {
  private static @Nullable Site site;

  private record Site(TestCluster cluster, ProcessNodes node) implements AutoCloseable {
    @Override
    public void close() {
      node.close();
      cluster.close();
    }
  }

  /// Here and not where the field is, so that what cannot be had skips the tests.
  @BeforeAll
  static void start() {
    TestCluster cluster = TestCluster.start();
    site = new Site(cluster, ProcessNodes.hollow(cluster, "hollow"));
  }

  @AfterAll
  static void end() {
    if (site != null) {
      site.close();
    }
  }

  private static TestCluster cluster() {
    return Objects.requireNonNull(site, "started before all tests").cluster();
  }

  private static Tool tool() {
    return new Tool(cluster(), "oneflow");
  }

  @Test
  @Order(1)
  void anEmptyClusterIsToldWhatIsMissing() {
    Said health = tool().everywhere("health");

    assertThat(health.exitCode()).describedAs(health.toString()).isEqualTo(2);
    assertThat(health.out())
        .contains("pass       API server: answers, v1.36")
        .contains("fail       CRDs: not there: LLMProvider, RoutingPolicy, ApiKey")
        .contains("fail       operator: there is no Deployment oneflow-operator")
        .contains("-> install it: helm upgrade --install");
    assertThat(tool().everywhere("prod-check").exitCode()).isEqualTo(1);
    assertThat(tool().everywhere("list").err()).contains("No ApiKeys found in default namespace.");
  }

  @Test
  @Order(2)
  void anInstallWithoutALeaderIsNotWell() {
    cluster().kubectl("apply", "--server-side", "-k", "deploy/kustomize/base").output();
    cluster().kubectl("wait", "--for=condition=Established", "crd", "--all").output();
    cluster().kubectl("rollout", "status", "-n", "oneflow", "deployment/oneflow-operator").output();

    Said health = tool().everywhere("health");

    assertThat(health.exitCode()).describedAs(health.toString()).isEqualTo(2);
    assertThat(health.out())
        .contains("CRDs: all five are established", "Deployment oneflow/oneflow-operator: 2 of 2")
        .contains("fail       leader: no operator leads")
        .contains("warn       gateways: there is no LLMGateway");
  }

  @Test
  @Order(3)
  void aLeaderAndAGatewayMakeItWell() {
    lead();
    gateway("{}");

    Said health = tool().everywhere("health", "-o", "json");

    assertThat(health.exitCode()).describedAs(health.out()).isZero();
    assertThat(health.out()).contains("\"fail\" : 0", "\"warn\" : 0", "LLMGateway oneflow/main");
    assertThat(tool().run("doctor").toString()).contains("nothing is wrong in oneflow");
  }

  @Test
  @Order(4)
  void theDoctorSaysWhatToDo() {
    tool()
        .apply(
            """
        {apiVersion: oneflow.ai/v1alpha1, kind: RoutingPolicy, metadata: {name: smart},
         spec: {models: [smart], targets: [{provider: {name: away}, model: m}]}}
        """);
    tool()
        .status(
            "routingpolicy/smart",
            """
        {"observedGeneration": 1, "conditions": [%s, %s]}"""
                .formatted(
                    condition("ResolvedRefs", "False", "ProviderNotFound", "no provider away"),
                    condition("Ready", "False", "NotReady", "see ResolvedRefs")));
    lead();

    Said doctor = tool().run("doctor");

    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.err()).isEmpty();
    assertThat(doctor.out())
        .contains("RoutingPolicy oneflow/smart: ResolvedRefs is False, ProviderNotFound:")
        .contains("-> create the LLMProvider")
        .doesNotContain("Ready is False")
        .contains("0 pass, 0 warn, 1 fail, 0 not known");
    assertThat(tool().run("doctor", "-o", "json").out()).contains("\"level\" : \"fail\"");
    tool().kubectl("delete", "routingpolicy", "smart");
  }

  @Test
  @Order(4)
  void whoMayNotLookIsToldSo(@TempDir Path folder) throws IOException {
    tool().kubectl("create", "role", "reader", "--verb=list", "--resource=apikeys.oneflow.ai");
    tool()
        .kubectl(
            "create", "rolebinding", "reader", "--role=reader", "--serviceaccount=oneflow:default");
    Path config = folder.resolve("kubeconfig");
    Files.writeString(config, tool().kubectl("config", "view", "--minify", "--flatten"));
    String token = tool().kubectl("create", "token", "default");
    String at = "--kubeconfig=" + config;
    tool().kubectl("config", "set-credentials", "reader", "--token", token, at);
    tool().kubectl("config", "set-context", "--current", "--user=reader", at);

    Said doctor = tool().run("doctor", "--kubeconfig", config.toString());

    assertThat(doctor.exitCode()).describedAs(doctor.toString()).isZero();
    assertThat(doctor.out())
        .contains("not known  operator: the API server says: ", "cannot list resource")
        .contains("not known  llmgateways: ")
        .doesNotContain("not known  apikeys");
    assertThat(tool().run("health", "--kubeconfig", config.toString()).exitCode()).isEqualTo(1);
    assertThat(tool().run("revoke", "x", "--kubeconfig", config.toString()).err())
        .contains("error: the API server says: ", "cannot get resource");
  }

  @Test
  @Order(5)
  void aTrialIsNotFitForProduction() {
    Said checked = tool().everywhere("prod-check");

    assertThat(checked.exitCode()).isEqualTo(1);
    assertThat(checked.err()).isEmpty();
    assertThat(checked.out())
        .contains("fail       operator: image oneflow-operator:dev is another one every day")
        .contains("fail       LLMGateway oneflow/main: 1 pod, and nobody serves when it goes")
        .contains(
            "fail       LLMGateway oneflow/main: charges are in a file that ends with the pod")
        .contains("not known  backup of the ledger", "not known  load test")
        .contains("pass       namespace oneflow: the level restricted is enforced");
  }

  @Test
  @Order(6)
  void whatIsFitPassesAndWhatCannotBeKnownDoesNot() {
    String digest = "@sha256:" + "0".repeat(64);
    tool()
        .kubectl("set", "image", "deployment", "oneflow-operator", "operator=r.example/o" + digest);
    tool()
        .kubectl(
            "set",
            "env",
            "deployment/oneflow-operator",
            "ONEFLOW_GATEWAY_IMAGE=r.example/g" + digest);
    gateway(
        """
        {redis: {url: "rediss://redis:6379"},
         ledger: {url: "jdbc:postgresql://sql/oneflow?sslmode=verify-full"}}""");
    tool().apply(dependents());
    tool()
        .apply(
            """
        {apiVersion: oneflow.ai/v1alpha1, kind: LLMProvider, metadata: {name: openai},
         spec: {dialect: OpenAI, credentials: [{secretRef: {name: openai}}],
           models: [{name: m, prices: [{input: "1", output: "1"}]}]}}
        ---
        {apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: alice},
         spec: {tokens: 1000/hour, rotation: {every: 90d}}}
        """);

    Said checked = tool().everywhere("prod-check");

    assertThat(checked.exitCode()).describedAs(checked.out()).isZero();
    assertThat(checked.out())
        .contains(
            "pass       operator: image pinned by digest", "pass       gateways: image pinned")
        .contains("main: at least 3 pods", "main: counters are in Redis, over TLS")
        .contains("main: charges are in PostgreSQL, over TLS", "main: the listener is plain HTTP")
        .contains("main: a PodDisruptionBudget covers its pods")
        .contains("pass       keys: every key is replaced in time or ends")
        .contains(" 0 warn, 0 fail,");
    assertThat(tool().everywhere("prod-check", "--strict").exitCode()).isEqualTo(1);
  }

  private static void lead() {
    String pod = tool().kubectl("get", "pods", "-o", "jsonpath={.items[0].metadata.name}");
    tool().kubectl("label", "--overwrite", "pod", pod, "oneflow.ai/leader=true");
    tool()
        .apply(
            """
        {apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: oneflow-operator},
         spec: {holderIdentity: a, leaseDurationSeconds: 15, renewTime: "%s"}}
        """
                .formatted(Instant.now().truncatedTo(ChronoUnit.MICROS)));
  }

  private static void gateway(String spec) {
    tool()
        .apply(
            "{apiVersion: oneflow.ai/v1alpha1, kind: LLMGateway, metadata: {name: main}, spec: %s}"
                .formatted(spec));
    String generation =
        tool().kubectl("get", "llmgateway", "main", "-o", "jsonpath={.metadata.generation}");
    tool()
        .status(
            "llmgateway/main",
            "{\"observedGeneration\": %s, \"conditions\": [%s]}"
                .formatted(generation, condition("Ready", "True", "Ready", "1 of 1 gateways")));
  }

  private static String condition(String type, String status, String reason, String message) {
    return """
    {"type": "%s", "status": "%s", "reason": "%s", "message": "%s",
     "lastTransitionTime": "2026-01-01T00:00:00Z"}"""
        .formatted(type, status, reason, message);
  }

  /// What an operator would make of the gateway.
  private static String dependents() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: main-gateway}
    spec:
      replicas: 0
      selector: {matchLabels: {app.kubernetes.io/instance: main}}
      template:
        metadata: {labels: {app.kubernetes.io/instance: main}}
        spec:
          containers:
            - name: gateway
              image: g
              resources: {requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 1Gi}}
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: {name: main-gateway}
    spec: {maxUnavailable: 1, selector: {matchLabels: {app.kubernetes.io/instance: main}}}
    """;
  }
}
