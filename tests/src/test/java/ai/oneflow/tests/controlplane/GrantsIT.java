package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A namespace that uses a provider and a gateway of another one, which takes back that it may.
final class GrantsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private static Path folder = Path.of("");

  private static @Nullable OperatorFixture started;
  private static @Nullable Simulator provider;
  private static @Nullable PushedGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    started = OperatorFixture.start(folder, Set.of("owner", "guest"));
    operator().kubectl("label", "namespace", "guest", "uses=models");
    operator()
        .apply(
            "owner",
            Manifests.PROVIDER.replace(
                    "dialect: OpenAI",
                    "dialect: OpenAI\n  endpoint: "
                        + provider.baseUrl()
                        + "\n  allowedNamespaces: {from: Selector, selector: {matchLabels: {uses:"
                        + " models}}}")
                + Manifests.GATEWAY.replace("spec: {}", "spec: {allowedNamespaces: {from: All}}"));
    operator()
        .apply(
            "guest",
            Manifests.KEY
                + Manifests.POLICY
                    .replace("{name: openai}", "{name: openai, namespace: owner}")
                    .replace("---\n", ""));
    gateway = PushedGateway.start(operator(), "owner", "main-0", folder);
    operator().awaitReady("guest", "apikey/search");
    operator().awaitReady("guest", "routingpolicy/smart");
  }

  @AfterAll
  static void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    if (started != null) {
      started.close();
    }
    if (provider != null) {
      provider.close();
    }
  }

  private static OperatorFixture operator() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  private static void awaitChat(int status) {
    PushedGateway serving = Objects.requireNonNull(gateway, "started before all tests");
    String key = key();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(serving.chat(key)).isEqualTo(status));
  }

  private static String key() {
    String base64 =
        operator()
            .kubectl(
                "get", "secret", "search-key", "-n", "guest", "-o", "jsonpath={.data.api-key}");
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  private static void patch(String resource, String allowedNamespaces) {
    operator()
        .kubectl(
            "patch",
            resource,
            "-n",
            "owner",
            "--type=merge",
            "-p",
            "{\"spec\":{\"allowedNamespaces\":" + allowedNamespaces + "}}");
  }

  @Test
  void aGrantThatIsWithdrawnTakesEffectLikeARevocation() {
    awaitChat(200);

    operator().kubectl("label", "namespace", "guest", "uses-");
    awaitChat(404);
    mustSayThatItIsNotPermitted();
    operator().kubectl("label", "namespace", "guest", "uses=models");
    awaitChat(200);

    patch("llmprovider/openai", "{\"from\":\"Same\",\"selector\":null}");
    awaitChat(404);
    mustSayThatItIsNotPermitted();
    patch("llmprovider/openai", "{\"from\":\"All\"}");
    awaitChat(200);

    patch("llmgateway/main", "{\"from\":\"Same\"}");
    awaitChat(401);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator().condition("guest", "apikey/search", "Programmed"))
                    .isEqualTo("False NoGateways no LLMGateway serves namespace guest"));
    patch("llmgateway/main", "{\"from\":\"All\"}");
    awaitChat(200);
  }

  private static void mustSayThatItIsNotPermitted() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator().condition("guest", "routingpolicy/smart", "ResolvedRefs"))
                    .startsWith("False RefNotPermitted LLMProvider owner/openai does not allow"));
  }
}
