package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ProviderEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator on a real API server, from `kubectl apply` to what `status` says. Each test has a
/// namespace, and in it a gateway, of its own.
class OperatorIT {
  @TempDir static Path folder;
  private static @Nullable OperatorFixture started;

  @BeforeAll
  static void start() throws IOException {
    started =
        OperatorFixture.start(
            folder, Set.of("ready", "broken", "refused", "lonely", "honest", "restart"));
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

  @Test
  void everyKindGetsReadyWithTheNumberOfGateways() throws IOException {
    for (String pod : List.of("main-0", "main-1", "main-2")) {
      operator().gateway("ready", pod);
    }
    operator()
        .apply(
            "ready",
            Manifests.PROVIDER
                + Manifests.POLICY
                + Manifests.KEY
                + Manifests.QUOTA
                + Manifests.GATEWAY);

    for (String resource :
        List.of(
            "llmprovider/openai",
            "routingpolicy/smart",
            "apikey/search",
            "quotapolicy/all",
            "llmgateway/main")) {
      operator().awaitReady("ready", resource);
      await()
          .untilAsserted(
              () ->
                  assertThat(operator().condition("ready", resource, "Programmed"))
                      .startsWith("True Programmed 3 of 3 gateways run snapshot "));
    }
    await()
        .untilAsserted(
            () ->
                assertThat(
                        operator()
                            .kubectl(
                                "get",
                                "llmgw",
                                "main",
                                "-n",
                                "ready",
                                "-o",
                                "jsonpath={.status.gateways}"))
                    .isEqualTo("{\"acknowledged\":3,\"connected\":3,\"desired\":1}"));
  }

  @Test
  void aRestartOfTheOperatorShowsInNoStatus() throws IOException {
    LightGateway gateway = operator().gateway("restart", "main-0");
    operator().apply("restart", Manifests.KEY + Manifests.GATEWAY);
    operator().awaitReady("restart", "apikey/search");
    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("restart", "llmgateway/main", "Ready"))
                    .startsWith("True"));
    String before = readySince();

    operator().restart();
    operator().apply("restart", Manifests.QUOTA);
    operator().awaitReady("restart", "quotapolicy/all");

    assertThat(gateway.accepted()).isNotEmpty();
    assertThat(readySince()).isEqualTo(before);
  }

  private static String readySince() {
    return operator()
        .kubectl(
            "get",
            "apikey",
            "search",
            "-n",
            "restart",
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"Ready\")].lastTransitionTime}"
                + "{.status.conditions[?(@.type==\"Ready\")].status}");
  }

  @Test
  void aBrokenResourceLeavesTheGoodOnesInForceAndMends() throws IOException {
    operator().gateway("broken", "main-0");
    operator()
        .apply(
            "broken",
            Manifests.PROVIDER
                + Manifests.POLICY
                + Manifests.GATEWAY
                + """
                ---
                apiVersion: oneflow.ai/v1alpha1
                kind: LLMProvider
                metadata: {name: other}
                spec:
                  dialect: OpenAI
                  credentials: [{secretRef: {name: other}}]
                  models: [{name: gpt-4o}]
                ---
                apiVersion: oneflow.ai/v1alpha1
                kind: RoutingPolicy
                metadata: {name: other}
                spec: {models: [other], targets: [{provider: {name: other}, model: gpt-4o}]}
                """);

    operator().awaitReady("broken", "routingpolicy/smart");
    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("broken", "llmprovider/other", "ResolvedRefs"))
                    .isEqualTo("False SecretNotFound Secret broken/other does not exist"));
    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("broken", "routingpolicy/other", "Programmed"))
                    .isEqualTo(
                        "False Pending waits for LLMProvider broken/other, which cannot be"
                            + " served"));
    await()
        .untilAsserted(
            () ->
                assertThat(operator().kubectl("get", "events", "-n", "broken"))
                    .contains("SecretNotFound"));
    operator()
        .kubectl(
            "create", "secret", "generic", "other", "-n", "broken", "--from-literal=api-key=value");
    operator().awaitReady("broken", "routingpolicy/other");
  }

  @Test
  void whatAGatewayRefusesIsHeldBackAndTheRestGoesOn() throws IOException {
    LightGateway gateway = operator().gateway("refused", "main-0");
    gateway.refuse(
        "cannot speak to eu",
        e -> e instanceof ProviderEntry provider && provider.region().equals("eu"));
    operator().apply("refused", Manifests.PROVIDER + Manifests.POLICY + Manifests.GATEWAY);
    operator().awaitReady("refused", "llmprovider/openai");

    moveTo("eu");

    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("refused", "llmprovider/openai", "Programmed"))
                    .isEqualTo(
                        "False Rejected gateway main-0 of refused/main refuses it: cannot speak to"
                            + " eu; generation 1 stays in force"));
    operator().apply("refused", Manifests.KEY);
    operator().awaitReady("refused", "apikey/search");
    assertThat(operator().condition("refused", "routingpolicy/smart", "Ready")).startsWith("True");
    theOldProviderOutlivesTheOperator(gateway);
    moveTo("us");
    operator().awaitReady("refused", "llmprovider/openai");
    whatAPodRefusedThatHasGoneIsTriedAgain(gateway);
  }

  private static void moveTo(String region) {
    operator()
        .kubectl(
            "patch",
            "llmprovider",
            "openai",
            "-n",
            "refused",
            "--type=merge",
            "-p",
            "{\"spec\":{\"region\":\"%s\"}}".formatted(region));
  }

  private static void whatAPodRefusedThatHasGoneIsTriedAgain(LightGateway gateway)
      throws IOException {
    moveTo("eu");
    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("refused", "llmprovider/openai", "Programmed"))
                    .startsWith("False Rejected"));

    gateway.close();
    operator().gateway("refused", "main-1");

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () ->
                assertThat(operator().condition("refused", "llmprovider/openai", "Ready"))
                    .startsWith("True"));
  }

  /// The pod refuses it again, and what was good before is known to the operator that came back.
  private static void theOldProviderOutlivesTheOperator(LightGateway gateway) throws IOException {
    int refused = gateway.refused().size();
    int accepted = gateway.accepted().size();
    operator().restart();
    await().until(() -> gateway.refused().size() > refused);
    operator().apply("refused", Manifests.QUOTA);
    operator().awaitReady("refused", "quotapolicy/all");
    assertThat(operator().condition("refused", "llmprovider/openai", "Programmed"))
        .endsWith("cannot speak to eu; generation 1 stays in force");
    assertThat(gateway.accepted().subList(accepted, gateway.accepted().size()))
        .isNotEmpty()
        .allMatch(
            s -> s.entries().containsKey(new EntryKey(Kind.LLM_PROVIDER, "refused", "openai")));
  }

  @Test
  void withoutAConnectedGatewayNothingIsProgrammed() {
    operator().apply("lonely", Manifests.KEY);
    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("lonely", "apikey/search", "Programmed"))
                    .isEqualTo("False NoGateways no LLMGateway serves namespace lonely"));

    operator().apply("lonely", Manifests.GATEWAY);

    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("lonely", "apikey/search", "Programmed"))
                    .isEqualTo("False NoGateways no pod of LLMGateway lonely/main is connected"));
  }

  @Test
  void whatIsNotInForceYetIsSaid() {
    operator()
        .apply(
            "honest",
            Manifests.GATEWAY.replace(
                "spec: {}", "spec: {cors: {allowedOrigins: [\"https://example.com\"]}}"));

    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("honest", "llmgateway/main", "Accepted"))
                    .endsWith("this version accepts and does not act on spec.cors"));
  }
}
