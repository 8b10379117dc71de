package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.operator.keys.MintedKey;
import ai.oneflow.snapshot.Credential;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.Secret;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets and keys on a real API server: from a change to the gateways, and how soon.
class SecretsIT {
  @TempDir static Path folder;
  private static @Nullable OperatorFixture started;

  @BeforeAll
  static void start() throws IOException {
    started = OperatorFixture.start(folder, Set.of("rotated", "keys", "foreign", "speed"));
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
  void aChangedSecretIsOnTheGatewaysWithNoChangeOfTheProvider() throws IOException {
    LightGateway gateway = operator().gateway("rotated", "main-0");
    operator().apply("rotated", Manifests.PROVIDER + Manifests.GATEWAY);
    operator().awaitReady("rotated", "llmprovider/openai");
    EntryKey key = new EntryKey(Kind.LLM_PROVIDER, "rotated", "openai");
    assertThat(credentials(gateway, key)).containsExactly(apiKey("first-value"));

    operator()
        .kubectl(
            "patch",
            "secret",
            "openai",
            "-n",
            "rotated",
            "-p",
            "{\"stringData\":{\"api-key\":\"second-value\"}}");

    await()
        .untilAsserted(
            () -> assertThat(credentials(gateway, key)).containsExactly(apiKey("second-value")));
    assertThat(gateway.runs(key)).hasValueSatisfying(e -> assertThat(e.generation()).isEqualTo(1));
    operator().awaitReady("rotated", "llmprovider/openai");
  }

  @Test
  void aKeyIsMintedSuspendedMintedAnewAndGone() throws IOException {
    LightGateway gateway = operator().gateway("keys", "main-0");
    operator().apply("keys", Manifests.KEY + Manifests.GATEWAY);
    operator().awaitReady("keys", "apikey/search");
    EntryKey key = new EntryKey(Kind.API_KEY, "keys", "search");
    MintedKey minted = minted("keys");
    assertThat(hash(gateway, key)).isEqualTo(minted.sha256());
    assertThat(operator().kubectl("get", "apikey", "search", "-n", "keys", "-o", "yaml"))
        .contains("prefix: " + minted.shown())
        .doesNotContain(minted.reveal());

    operator()
        .kubectl(
            "patch",
            "apikey",
            "search",
            "-n",
            "keys",
            "--type=merge",
            "-p",
            "{\"spec\":{\"suspended\":true}}");
    await().untilAsserted(() -> assertThat(entry(gateway, key).suspended()).isTrue());

    operator().kubectl("delete", "secret", "search-key", "-n", "keys");
    await().untilAsserted(() -> assertThat(hash(gateway, key)).isNotEqualTo(minted.sha256()));
    assertThat(hash(gateway, key)).isEqualTo(minted("keys").sha256());

    operator().kubectl("delete", "apikey", "search", "-n", "keys");
    await().untilAsserted(() -> assertThat(gateway.runs(key)).isEmpty());
  }

  @Test
  void aForeignSecretIsNeverTouched() throws IOException {
    operator().gateway("foreign", "main-0");
    operator()
        .apply(
            "foreign",
            """
        apiVersion: v1
        kind: Secret
        metadata: {name: search-key}
        stringData: {api-key: somebody-elses}
        ---
        """
                + Manifests.KEY
                + Manifests.GATEWAY);

    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("foreign", "apikey/search", "Accepted"))
                    .startsWith("False Conflict Secret foreign/search-key exists and is not of"));
    assertThat(secretValue("foreign", "search-key")).isEqualTo("somebody-elses");
    operator().kubectl("delete", "secret", "search-key", "-n", "foreign");
    operator().awaitReady("foreign", "apikey/search");
  }

  @Test
  void aChangeIsAcknowledgedByTheLastGatewayWithinASecond() throws IOException {
    List<LightGateway> gateways = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      gateways.add(operator().gateway("speed", "main-" + i));
    }
    operator().apply("speed", Manifests.KEY + Manifests.GATEWAY);
    operator().awaitReady("speed", "apikey/search");
    EntryKey key = new EntryKey(Kind.API_KEY, "speed", "search");
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      boolean suspended = i % 2 == 0;
      long began = System.nanoTime();
      suspend(suspended);
      await()
          .pollInterval(Duration.ofMillis(1))
          .pollDelay(Duration.ZERO)
          .until(() -> gateways.stream().allMatch(g -> entry(g, key).suspended() == suspended));
      millis.add((System.nanoTime() - began) / 1_000_000);
    }
    Collections.sort(millis);
    System.out.printf(
        "apply to the last of 3 gateways, 50 changes: p50 %d ms, p90 %d ms, p99 %d ms%n",
        millis.get(24), millis.get(44), millis.get(49));
    assertThat(millis.get(49)).isLessThan(1_000);
  }

  private static void suspend(boolean suspended) {
    operator()
        .admin()
        .resources(ApiKey.class)
        .inNamespace("speed")
        .withName("search")
        .patch(
            PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspended\":" + suspended + "}}");
  }

  private static List<Credential> credentials(LightGateway gateway, EntryKey key) {
    return gateway
        .runs(key)
        .map(ProviderEntry.class::cast)
        .map(ProviderEntry::credentials)
        .orElse(List.of());
  }

  private static Credential apiKey(String value) {
    return new Credential.ApiKey(new Secret(value));
  }

  private static KeyEntry entry(LightGateway gateway, EntryKey key) {
    return gateway.runs(key).map(KeyEntry.class::cast).orElseThrow();
  }

  private static String hash(LightGateway gateway, EntryKey key) {
    return entry(gateway, key).hashes().getFirst().sha256();
  }

  private static MintedKey minted(String namespace) {
    return MintedKey.parse(secretValue(namespace, "search-key")).orElseThrow();
  }

  private static String secretValue(String namespace, String name) {
    String base64 =
        operator()
            .kubectl("get", "secret", name, "-n", namespace, "-o", "jsonpath={.data.api-key}");
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
  }
}
