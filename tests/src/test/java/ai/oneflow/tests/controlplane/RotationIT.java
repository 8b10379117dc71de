package ai.oneflow.tests.controlplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.operator.keys.KeyHistory;
import ai.oneflow.operator.keys.MintedKey;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Callers' keys that are rotated on a real API server, and what callers of two gateways that serve
/// by it see of that.
final class RotationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> NAMESPACES = Set.of("asked", "grace", "schedule", "emptied");

  @TempDir private static Path folder = Path.of("");

  private static @Nullable OperatorFixture started;
  private static final List<AutoCloseable> OPEN = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    started = OperatorFixture.start(folder, NAMESPACES);
  }

  @AfterAll
  static void stop() throws Exception {
    for (AutoCloseable open : OPEN.reversed()) {
      open.close();
    }
    if (started != null) {
      started.close();
    }
  }

  private static OperatorFixture operator() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  /// Two gateways that serve a key, and the key.
  private static List<PushedGateway> serve(String namespace, String keySpec) throws IOException {
    Simulator provider = Simulator.start(SimulatorOptions.defaults());
    OPEN.add(provider);
    operator()
        .apply(
            namespace,
            Manifests.PROVIDER.replace(
                    "dialect: OpenAI", "dialect: OpenAI\n  endpoint: " + provider.baseUrl())
                + Manifests.POLICY
                + Manifests.GATEWAY
                + "---\n"
                + key(keySpec));
    List<PushedGateway> gateways = new ArrayList<>();
    for (String instance : List.of("main-0", "main-1")) {
      PushedGateway gateway = PushedGateway.start(operator(), namespace, instance, folder);
      OPEN.add(gateway);
      gateways.add(gateway);
    }
    operator().awaitReady(namespace, "apikey/search");
    operator().awaitReady(namespace, "routingpolicy/smart");
    return gateways;
  }

  private static String key(String spec) {
    return """
        apiVersion: oneflow.ai/v1alpha1
        kind: ApiKey
        metadata: {name: search}
        spec: %s
        """
        .formatted(spec);
  }

  @Test
  void aValueOfTheAnnotationRotatesOnceAndBothKeysWork() throws IOException {
    List<PushedGateway> gateways =
        serve("asked", "{requests: 100/hour, budgets: [{amount: \"5\"}]}");
    PushedGateway one = gateways.getFirst();
    String old = current("asked");
    Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    assertThat(one.chat(old)).isEqualTo(200);
    String spent = one.spent(old);

    rotate("asked", "leaked");

    String fresh = awaitAnother("asked", old);
    awaitStatus(gateways, fresh, 200);
    awaitStatus(gateways, old, 200);
    assertThat(one.used(fresh)).as("what was counted before").isEqualTo(1);
    assertThat(one.spent(fresh)).isEqualTo(spent);
    assertThat(one.chat(old)).isEqualTo(200);
    assertThat(one.chat(fresh)).isEqualTo(200);
    assertThat(one.used(fresh)).isEqualTo(3).isEqualTo(one.used(old));
    assertThat(one.spent(fresh)).isEqualTo(one.spent(old)).isNotEqualTo(spent);
    mustSaySo(old, fresh);
    await().atMost(PATIENCE).until(() -> !status("asked", "{.lastUsedAt}").isEmpty());
    assertThat(Instant.parse(status("asked", "{.lastUsedAt}"))).isBetween(before, Instant.now());

    String version = secret("asked").getMetadata().getResourceVersion();
    rotate("asked", "leaked");
    operator().kubectl("annotate", "apikey", "search", "-n", "asked", "somebody/else=cares");
    operator().restart();
    operator().awaitReady("asked", "apikey/search");
    assertThat(secret("asked").getMetadata().getResourceVersion()).isEqualTo(version);

    rotate("asked", "leaked again");
    awaitStatus(gateways, awaitAnother("asked", fresh), 200);
    awaitStatus(gateways, fresh, 200);
    awaitStatus(gateways, old, 200);
  }

  private static void mustSaySo(String old, String fresh) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(status("asked", "{.prefix} {.rotation} {.rotatedAt} {.graceUntil}"))
                    .isEqualTo(
                        MintedKey.parse(fresh).orElseThrow().shown()
                            + "… leaked "
                            + history("asked").mintedAt()
                            + " "
                            + history("asked").mintedAt().plus(Duration.ofDays(7))));
    assertThat(secret("asked").toString()).doesNotContain(old);
    await()
        .untilAsserted(
            () ->
                assertThat(events("asked", "KeyRotated").lines())
                    .singleElement()
                    .asString()
                    .contains("is in Secret search-key; the one before it works until")
                    .doesNotContain(old)
                    .doesNotContain(fresh));
  }

  @Test
  void theOldKeyEndsWithItsGraceEverywhere() throws IOException {
    List<PushedGateway> gateways = serve("grace", "{rotation: {every: 90d, grace: 10s}}");
    String old = current("grace");

    rotate("grace", "now");

    String fresh = awaitAnother("grace", old);
    awaitStatus(gateways, fresh, 200);
    Instant end = history("grace").formers().getFirst().until();
    awaitStatus(gateways, old, 200);
    assertThat(Instant.now()).as("or the test says nothing of the grace").isBefore(end);
    awaitStatus(gateways, old, 401);
    assertThat(Instant.now()).isAfterOrEqualTo(end).isBefore(end.plusSeconds(3));
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(history("grace").formers()).isEmpty());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(status("grace", "{.rotation}{.graceUntil}")).isEqualTo("now"));
    awaitStatus(gateways, fresh, 200);
    operator().awaitReady("grace", "apikey/search");
  }

  @Test
  void aKeyIsRotatedWhenItIsOldEnoughWithoutAnythingElseHappening() throws IOException {
    List<PushedGateway> gateways = serve("schedule", "{rotation: {every: 1h, grace: 1h}}");
    String old = current("schedule");
    Instant due = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.SECONDS);

    operator()
        .kubectl(
            "annotate",
            "secret",
            "search-key",
            "-n",
            "schedule",
            "--overwrite",
            "oneflow.ai/minted-at=" + due.minus(Duration.ofHours(1)));

    String fresh = awaitAnother("schedule", old);
    assertThat(history("schedule").mintedAt()).isBetween(due, due.plusSeconds(3));
    awaitStatus(gateways, fresh, 200);
    awaitStatus(gateways, old, 200);
  }

  @Test
  void whoEmptiesTheSecretEndsAllKeysAtOnce() throws IOException {
    List<PushedGateway> gateways = serve("emptied", "{}");
    String first = current("emptied");
    rotate("emptied", "now");
    String second = awaitAnother("emptied", first);
    awaitStatus(gateways, second, 200);

    operator()
        .kubectl("annotate", "secret", "search-key", "-n", "emptied", "oneflow.ai/former-keys-");
    awaitStatus(gateways, first, 401);
    awaitStatus(gateways, second, 200);
    rotate("emptied", "again");
    String third = awaitAnother("emptied", second);
    operator().kubectl("delete", "secret", "search-key", "-n", "emptied");

    awaitStatus(gateways, second, 401);
    awaitStatus(gateways, third, 401);
    awaitStatus(gateways, awaitAnother("emptied", third), 200);
  }

  private static void rotate(String namespace, String value) {
    operator()
        .kubectl(
            "annotate",
            "apikey",
            "search",
            "-n",
            namespace,
            "--overwrite",
            "oneflow.ai/rotate=" + value);
  }

  private static void awaitStatus(List<PushedGateway> gateways, String key, int status) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> gateways.stream().allMatch(gateway -> gateway.models(key) == status));
  }

  private static String awaitAnother(String namespace, String than) {
    return await()
        .atMost(PATIENCE)
        .ignoreExceptionsInstanceOf(NullPointerException.class)
        .until(() -> current(namespace), key -> !key.equals(than));
  }

  private static String current(String namespace) {
    return new String(
        Base64.getDecoder().decode(secret(namespace).getData().get("api-key")), UTF_8);
  }

  private static KeyHistory history(String namespace) {
    return KeyHistory.of(secret(namespace));
  }

  private static Secret secret(String namespace) {
    return operator().admin().secrets().inNamespace(namespace).withName("search-key").get();
  }

  private static String status(String namespace, String paths) {
    return operator()
        .kubectl(
            "get",
            "apikey",
            "search",
            "-n",
            namespace,
            "-o",
            "jsonpath=" + paths.replace("{.", "{.status."));
  }

  private static String events(String namespace, String reason) {
    return operator()
        .kubectl(
            "get",
            "events",
            "-n",
            namespace,
            "--field-selector=reason=" + reason,
            "-o",
            "jsonpath={range .items[*]}{.message}{'\\n'}{end}");
  }
}
