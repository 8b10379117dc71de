package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.health.HealthBook.Target;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the breakers of gateways stand is seen in the cluster.
final class BreakersIT {
  private static final Duration A_ROUND_AND_MORE = Duration.ofSeconds(30);
  private static final int FAULTS = 2;

  @TempDir private static Path folder = Path.of("");

  private static @Nullable OperatorFixture started;

  @BeforeAll
  static void start() throws IOException {
    started = OperatorFixture.start(folder, Set.of("breaking", "meddling", "meddled"));
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
  void theStatusOfAModelCountsTheGatewaysThatLeaveItAlone() throws IOException {
    LightGateway one = operator().gateway("breaking", "main-0");
    LightGateway other = operator().gateway("breaking", "main-1");
    operator().apply("breaking", Manifests.PROVIDER + Manifests.GATEWAY);
    operator().awaitReady("breaking", "llmprovider/openai");
    awaitBreaker("breaking", "Closed 0");

    open(one, "breaking");
    awaitBreaker("breaking", "Open 1");
    assertThat(operator().kubectl("get", "llmproviders", "-n", "breaking"))
        .containsPattern("OPEN +AGE")
        .contains(" gpt-4o ");
    assertThat(events("breaking").lines())
        .singleElement()
        .asString()
        .startsWith("Warning BreakerOpen model gpt-4o failed and will be left alone for a while");

    open(other, "breaking");
    awaitBreaker("breaking", "Open 2");
    operator().restart();
    letProbe(one, "breaking");
    awaitBreaker("breaking", "Open 1");
    other.close();
    awaitBreaker("breaking", "HalfOpen 0");
    one.health().draft().keep(Set.of());
    awaitBreaker("breaking", "Closed 0");
    one.close();
    awaitBreaker("breaking", "");
    assertThat(events("breaking").lines()).hasSize(1);
  }

  @Test
  void aGatewayHasNoSayAboutProvidersThatItDoesNotServe() throws IOException {
    LightGateway stranger = operator().gateway("meddling", "main-0");
    LightGateway own = operator().gateway("meddled", "main-0");
    operator().apply("meddling", Manifests.PROVIDER + Manifests.GATEWAY);
    operator().apply("meddled", Manifests.PROVIDER + Manifests.GATEWAY);
    operator().awaitReady("meddled", "llmprovider/openai");

    open(stranger, "meddled");
    open(stranger, "meddling");

    awaitBreaker("meddling", "Open 1");
    awaitBreaker("meddled", "Closed 0");
    assertThat(events("meddled")).isEmpty();
    assertThat(own.health().all()).isEmpty();
  }

  private static void open(LightGateway gateway, String namespace) {
    TargetHealth target = target(gateway, namespace, Duration.ofHours(1));
    for (int i = 0; i < FAULTS; i++) {
      target.failed(Permit.PLAIN, System.nanoTime());
    }
  }

  /// Its settings change, it fails under them, and its time is over.
  private static void letProbe(LightGateway gateway, String namespace) {
    TargetHealth target = target(gateway, namespace, Duration.ofMillis(1));
    for (int i = 0; i < FAULTS; i++) {
      target.failed(Permit.PLAIN, System.nanoTime());
    }
  }

  private static TargetHealth target(LightGateway gateway, String namespace, Duration openFor) {
    return gateway.target(
        new Target(namespace + "/openai", "gpt-4o"),
        new TargetHealth.Settings(Duration.ofSeconds(1), FAULTS, openFor, 1));
  }

  private static void awaitBreaker(String namespace, String breaker) {
    await()
        .atMost(A_ROUND_AND_MORE)
        .untilAsserted(() -> assertThat(breaker(namespace)).isEqualTo(breaker));
  }

  private static String breaker(String namespace) {
    return operator()
        .kubectl(
            "get",
            "llmprovider/openai",
            "-n",
            namespace,
            "-o",
            "jsonpath={range .status.models[*]}{.breaker} {.openGateways}{end}")
        .strip();
  }

  private static String events(String namespace) {
    return operator()
        .kubectl(
            "get",
            "events",
            "-n",
            namespace,
            "--field-selector=involvedObject.kind=LLMProvider,reason=BreakerOpen",
            "-o",
            "jsonpath={range .items[*]}{.type} {.reason} {.message}{'\\n'}{end}");
  }
}
