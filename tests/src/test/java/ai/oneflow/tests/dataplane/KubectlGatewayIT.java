package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.kubectl.Tool;
import ai.oneflow.tests.kubectl.Tool.Said;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `kubectl oneflow` asks of a gateway, with a key that is in a Secret of a real API server.
/// The gateway is reached by its address; the nodes here forward no ports.
class KubectlGatewayIT {
  private static final String NAMESPACE = "kubectl-gateway";
  private static final String CHAT =
      """
      {"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}\
      """;

  @TempDir Path folder;

  @Test
  void explainsWhereARequestGoesAndTellsWhatWasUsed() throws Exception {
    TestCluster cluster = TestCluster.shared();
    cluster.kubectl("apply", "-f", "crds/src/main/resources/crds").output();
    cluster.kubectl("wait", "--for=condition=Established", "crd", "--all").output();
    cluster.kubectl("create", "namespace", NAMESPACE).output();
    cluster
        .kubectlWithInput(
            """
            {apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: caller}, spec: {}}
            ---
            {apiVersion: v1, kind: Secret, metadata: {name: caller-key},
             stringData: {api-key: "%s"}}
            """
                .formatted(Configurations.KEY),
            "apply",
            "-n",
            NAMESPACE,
            "-f",
            "-")
        .output();
    Tool tool = new Tool(cluster, NAMESPACE);
    try (Simulator provider = Simulator.start(SimulatorOptions.defaults());
        GatewayUnderTest gateway =
            GatewayUnderTest.start(
                folder, Configurations.of(provider.baseUrl(), Set.of("gpt-4o")))) {
      explains(tool, gateway);
      gateway.post("/v1/chat/completions", CHAT.getBytes(UTF_8));
      tellsWhatWasUsed(tool, gateway);
      explainsWhyNobodyServes(tool, gateway);
    }
  }

  private static void explains(Tool tool, GatewayUnderTest gateway) {
    String url = gateway.uri("").toString();

    Said said = tool.run("explain", "gpt-4o", "--key", "caller", "--url", url);

    assertThat(said.exitCode()).describedAs(said.err()).isZero();
    assertThat(said.out()).startsWith("gpt-4o: strategy ").contains("1       ai/", "CREDITS");
    assertThat(tool.run("explain", "gpt-4o", "--key", "caller", "--url", url, "-o", "json").out())
        .contains("\"object\" : \"estimate\"");
    Said unknown = tool.run("explain", "gpt-9", "--key", "caller", "--url", url);
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("error: the gateway says 404: ");
    assertThat(unknown.err() + said.out()).doesNotContain(Configurations.KEY);
  }

  private static void explainsWhyNobodyServes(Tool tool, GatewayUnderTest gateway) {
    String askedToWait =
        CHAT.replace("{\"model", "{\"user\":\"sim status=429 retry-after=60\",\"model");
    gateway.post("/v1/chat/completions", askedToWait.getBytes(UTF_8));

    Said said =
        tool.run("explain", "gpt-4o", "--key", "caller", "--url", gateway.uri("").toString());

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.out()).startsWith("gpt-4o: no target can serve it: ").contains("paused");
  }

  private static void tellsWhatWasUsed(Tool tool, GatewayUnderTest gateway) {
    String url = "http://127.0.0.1:" + gateway.gateway().managementPort();

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(tool.run("usage", "--by", "model", "--url", url).out())
                    .contains("MODEL", "REQUESTS", "total"));
    assertThat(tool.run("usage", "--url", url, "-o", "csv").out()).startsWith("project,requests");
    Said wrong = tool.run("usage", "--by", "colour", "--url", url);
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.err()).contains("by takes one of");
    assertThat(tool.run("usage").err()).contains("there is no LLMGateway in " + NAMESPACE);
    assertThat(tool.run("usage", "--url", "http://127.0.0.1:1").exitCode()).isEqualTo(2);
  }
}
