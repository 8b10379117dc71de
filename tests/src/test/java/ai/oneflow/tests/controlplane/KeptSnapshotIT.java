package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.config.push.KeptSnapshots;
import ai.oneflow.operator.workload.KeptIn;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeptSnapshot;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.snapshot.ReceivedPush;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What gateways have accepted is kept on a real API server, and a gateway that starts while no
/// operator is there serves by it.
class KeptSnapshotIT {
  /// Changes are kept ten seconds after one another at most.
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final EntryKey KEY = new EntryKey(Kind.API_KEY, "kept", "search");

  @TempDir static Path folder;
  private static @Nullable OperatorFixture started;

  @BeforeAll
  static void start() throws IOException {
    started = OperatorFixture.start(folder, Set.of("kept", "stranger"));
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
  void whatAGatewayAcceptedIsKeptSlotBySlotAndAnotherStartsByIt() throws IOException {
    LightGateway gateway = operator().gateway("kept", "main-0");
    operator().apply("kept", Manifests.GATEWAY);
    awaitKept(gateway);
    assertThat(slots()).containsExactly("a");

    operator().apply("kept", Manifests.KEY);
    await().until(() -> gateway.runs(KEY).isPresent());
    awaitKept(gateway);

    assertThat(slots()).containsExactly("a", "b");
    assertThat(secrets()).allSatisfy(KeptSnapshotIT::assertOwned);
    try (LightGateway alone =
        operator().gatewayWithoutOperator("kept", new KeptSnapshots(mounted()))) {
      await().atMost(SOON).until(() -> alone.runs().equals(gateway.runs()));
    }
  }

  @Test
  void aSecretOfSomebodyElsesIsLeftAloneAndAnEventSaysSo() throws IOException {
    operator()
        .apply(
            "stranger",
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: main-gateway-snapshot-a-0}
            stringData: {part: mine}
            """);
    operator().gateway("stranger", "main-0");

    operator().apply("stranger", Manifests.GATEWAY);

    await()
        .untilAsserted(
            () ->
                assertThat(operator().kubectl("get", "events", "-n", "stranger"))
                    .contains("SnapshotNotKept")
                    .contains("Secret main-gateway-snapshot-a-0 is there already"));
    assertThat(
            operator()
                .kubectl(
                    "get",
                    "secret",
                    "main-gateway-snapshot-a-0",
                    "-n",
                    "stranger",
                    "-o",
                    "jsonpath={.data.part}"))
        .isEqualTo(
            Base64.getEncoder()
                .encodeToString("mine".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
  }

  private static void assertOwned(Secret secret) {
    assertThat(secret.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(
            owner -> {
              assertThat(owner.getKind()).isEqualTo("LLMGateway");
              assertThat(owner.getName()).isEqualTo("main");
            });
  }

  /// The newest that is kept is what the gateway runs.
  private static void awaitKept(LightGateway gateway) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              List<KeptSnapshot> kept = KeptSnapshot.complete(parts());
              assertThat(kept).isNotEmpty();
              assertThat(kept.getFirst().push())
                  .isInstanceOfSatisfying(
                      ReceivedPush.Understood.class,
                      whole ->
                          assertThat(gateway.runs())
                              .contains(
                                  whole.push().delta().applyTo(GatewaySnapshot.of(List.of()))));
            });
  }

  private static List<Secret> secrets() {
    return operator().admin().secrets().inNamespace("kept").list().getItems().stream()
        .filter(secret -> KeptIn.TYPE.equals(secret.getType()))
        .toList();
  }

  private static List<String> slots() {
    return secrets().stream()
        .map(secret -> secret.getMetadata().getName().replaceAll("main-gateway-snapshot-|-0$", ""))
        .sorted()
        .toList();
  }

  private static List<byte[]> parts() {
    return secrets().stream().map(KeptSnapshotIT::part).toList();
  }

  private static byte[] part(Secret secret) {
    return Base64.getDecoder().decode(secret.getData().get(KeptIn.DATA_KEY));
  }

  /// As a kubelet lays them out.
  private static Path mounted() throws IOException {
    Path volume = Files.createDirectory(folder.resolve("snapshot"));
    for (Secret secret : secrets()) {
      Files.write(volume.resolve(secret.getMetadata().getName()), part(secret));
    }
    return volume;
  }
}
