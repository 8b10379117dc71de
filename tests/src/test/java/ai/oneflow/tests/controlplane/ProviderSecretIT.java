package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
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

/// The Secret of a provider is changed on a real API server, to what the provider takes and to what
/// it does not.
final class ProviderSecretIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String NAMESPACE = "turned";
  private static final String FIRST = "first-value";

  @TempDir private static Path folder = Path.of("");

  private static @Nullable OperatorFixture started;
  private static @Nullable Simulator simulator;
  private static @Nullable PushedGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    simulator = Simulator.start(SimulatorOptions.defaults().withKeys(Set.of(FIRST)));
    started = OperatorFixture.start(folder, Set.of(NAMESPACE));
    operator()
        .apply(
            NAMESPACE,
            Manifests.PROVIDER.replace(
                    "dialect: OpenAI", "dialect: OpenAI\n  endpoint: " + simulator.baseUrl())
                + Manifests.POLICY
                + Manifests.KEY
                + Manifests.GATEWAY);
    gateway = PushedGateway.start(operator(), NAMESPACE, "main-0", folder);
    operator().awaitReady(NAMESPACE, "apikey/search");
    operator().awaitReady(NAMESPACE, "routingpolicy/smart");
  }

  @AfterAll
  static void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    if (started != null) {
      started.close();
    }
    if (simulator != null) {
      simulator.close();
    }
  }

  private static OperatorFixture operator() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  private static Simulator provider() {
    return Objects.requireNonNull(simulator, "started before all tests");
  }

  private static int chat() {
    return Objects.requireNonNull(gateway, "started before all tests").chat(key());
  }

  private static String key() {
    String base64 =
        operator()
            .kubectl(
                "get", "secret", "search-key", "-n", NAMESPACE, "-o", "jsonpath={.data.api-key}");
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }

  private static void change(String value) {
    operator()
        .kubectl(
            "patch",
            "secret",
            "openai",
            "-n",
            NAMESPACE,
            "-p",
            "{\"stringData\":{\"api-key\":\"" + value + "\"}}");
  }

  /// Every call on the way is answered.
  private static void awaitSentWith(String value) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              assertThat(chat()).isEqualTo(200);
              return provider().requests().stream()
                  .map(ReceivedRequest::keyHash)
                  .anyMatch(ReceivedRequest.keyHashOf(value)::equals);
            });
  }

  @Test
  void theOldOneServesOnWhereTheNewOneIsRefusedAndStatusSaysSo() {
    assertThat(chat()).isEqualTo(200);

    change("mistyped");
    awaitSentWith("mistyped");

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(operator().condition(NAMESPACE, "llmprovider/openai", "Ready"))
                    .isEqualTo(
                        "False CredentialRefused the provider refuses spec.credentials[0] as it was"
                            + " changed, at 1 of 1 gateways; the one before it serves on meanwhile,"
                            + " for 24 hours at most"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        operator()
                            .kubectl(
                                "get",
                                "events",
                                "-n",
                                NAMESPACE,
                                "--field-selector=reason=CredentialRefused",
                                "-o",
                                "jsonpath={range .items[*]}{.type} {.involvedObject.name}{end}"))
                    .isEqualTo("Warning openai"));
    for (int i = 0; i < 5; i++) {
      assertThat(chat()).isEqualTo(200);
    }

    provider().acceptKeys(Set.of(FIRST, "mended"));
    change("mended");
    awaitSentWith("mended");

    operator().awaitReady(NAMESPACE, "llmprovider/openai");
    provider().acceptKeys(Set.of("mended"));
    assertThat(chat()).isEqualTo(200);
  }

  @Test
  void aSecretThatIsDeletedAndMadeAnewIsInUseAgain() {
    provider().acceptKeys(Set.of(FIRST, "mended", "made-anew"));
    operator().kubectl("delete", "secret", "openai", "-n", NAMESPACE);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(chat()).isNotEqualTo(200));

    operator()
        .kubectl(
            "create",
            "secret",
            "generic",
            "openai",
            "-n",
            NAMESPACE,
            "--from-literal=api-key=made-anew");

    await().atMost(PATIENCE).until(() -> chat() == 200);
    awaitSentWith("made-anew");
    operator().awaitReady(NAMESPACE, "llmprovider/openai");
  }
}
