package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.operator.OperatorMain;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What no schema keeps away from an operator, on a real API server.
class OperatorEdgesIT {
  @TempDir static Path folder;
  private static @Nullable OperatorFixture started;

  private static final String EXPIRY_RULES =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/expiresAt"
          + "/x-kubernetes-validations";

  private static final String NO_SECRETS =
      """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: no-secrets}
      spec: {hard: {secrets: "0"}}
      ---
      """;

  @BeforeAll
  static void start() throws IOException {
    started =
        OperatorFixture.start(folder, Set.of("unreadable", "finalized", "unminted", "overwritten"));
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

  /// A schema of before took an offset that no zone of this world has.
  @Test
  void aResourceThatCannotBeReadIsJudgedAndHarmsNoOther() throws IOException {
    operator().gateway("unreadable", "main-0");
    operator().apply("unreadable", Manifests.GATEWAY);
    operator()
        .kubectl(
            "patch",
            "crd",
            "apikeys.oneflow.ai",
            "--type=json",
            "-p",
            "[{\"op\":\"remove\",\"path\":\"" + EXPIRY_RULES + "\"}]");
    await()
        .untilAsserted(
            () ->
                operator()
                    .apply(
                        "unreadable",
                        """
                        apiVersion: oneflow.ai/v1alpha1
                        kind: ApiKey
                        metadata: {name: odd}
                        spec: {secretName: elsewhere, expiresAt: "2027-01-01T00:00:00+23:59"}
                        """));
    operator().applyCrds();
    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("unreadable", "apikey/odd", "Accepted"))
                    .startsWith("False Invalid spec.expiresAt cannot be read: "));

    operator().apply("unreadable", Manifests.KEY);
    operator().awaitReady("unreadable", "apikey/search");
    operator().restart();
    operator().apply("unreadable", Manifests.PROVIDER);
    operator().awaitReady("unreadable", "llmprovider/openai");
    assertThat(operator().kubectl("get", "secrets", "-n", "unreadable", "-o", "name"))
        .doesNotContain("odd", "elsewhere");
    operator()
        .kubectl(
            "patch",
            "apikey",
            "odd",
            "-n",
            "unreadable",
            "--type=merge",
            "-p",
            "{\"spec\":{\"expiresAt\":\"2027-01-01T00:00:00Z\"}}");
    operator().awaitReady("unreadable", "apikey/odd");
  }

  @Test
  void aDeletedKeyIsRefusedWhileAFinalizerKeepsIt() throws IOException {
    LightGateway gateway = operator().gateway("finalized", "main-0");
    operator()
        .apply(
            "finalized",
            Manifests.KEY.replace("{name: search}", "{name: search, finalizers: [a.example/b]}")
                + Manifests.GATEWAY);
    operator().awaitReady("finalized", "apikey/search");
    EntryKey key = new EntryKey(Kind.API_KEY, "finalized", "search");
    assertThat(gateway.runs(key)).isPresent();

    operator().kubectl("delete", "apikey", "search", "-n", "finalized", "--wait=false");

    await().untilAsserted(() -> assertThat(gateway.runs(key)).isEmpty());
    operator()
        .kubectl(
            "patch",
            "apikey",
            "search",
            "-n",
            "finalized",
            "--type=merge",
            "-p",
            "{\"metadata\":{\"finalizers\":null}}");
  }

  @Test
  void aStatusThatSomebodyWroteOverIsPutRight() throws IOException {
    operator().gateway("overwritten", "main-0");
    operator().apply("overwritten", Manifests.QUOTA + Manifests.GATEWAY);
    operator().awaitReady("overwritten", "quotapolicy/all");

    operator()
        .kubectl(
            "patch",
            "quotapolicy",
            "all",
            "-n",
            "overwritten",
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"conditions\":[]}}");

    operator().awaitReady("overwritten", "quotapolicy/all");
    assertThat(operator().condition("overwritten", "quotapolicy/all", "Programmed"))
        .startsWith("True");
  }

  @Test
  void aKeyWhoseSecretIsRefusedSaysSoAndIsMintedLater() throws IOException {
    operator().gateway("unminted", "main-0");
    operator().apply("unminted", NO_SECRETS + Manifests.GATEWAY);
    await().untilAsserted(() -> assertThat(secretOnTrial().succeeded()).isFalse());
    operator().apply("unminted", Manifests.KEY);

    await()
        .untilAsserted(
            () ->
                assertThat(operator().condition("unminted", "apikey/search", "ResolvedRefs"))
                    .startsWith("False SecretRefused Secret unminted/search-key")
                    .contains("quota"));
    await().untilAsserted(() -> assertThat(warnings()).contains("SecretRefused"));
    operator().kubectl("delete", "resourcequota", "no-secrets", "-n", "unminted");
    operator().awaitReady("unminted", "apikey/search");
    assertThat(warnings()).doesNotContain("SecretNotFound");
  }

  private static Completed secretOnTrial() {
    return TestCluster.shared()
        .kubectl("create", "secret", "generic", "trial", "-n", "unminted", "--dry-run=server");
  }

  /// Found as the page on troubleshooting says.
  private static String warnings() {
    return operator()
        .kubectl(
            "get",
            "events",
            "-n",
            "unminted",
            "--field-selector=reportingComponent=oneflow-operator,involvedObject.name=search",
            "-o",
            "jsonpath={.items[*].reason}");
  }

  @Test
  void anOperatorThatCannotStartEnds() throws IOException, InterruptedException {
    ProcessBuilder command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            OperatorMain.class.getName(),
            "--push-host",
            "127.0.0.1",
            "--push-port",
            Integer.toString(operator().pushPort()),
            "--management-host",
            "127.0.0.1",
            "--management-port",
            "0",
            "--namespaces",
            "finalized");
    command.environment().put("KUBECONFIG", TestCluster.shared().kubeconfig().toString());
    Process process =
        command
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("second.log").toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isNotZero();
    } finally {
      process.destroyForcibly();
    }
  }
}
