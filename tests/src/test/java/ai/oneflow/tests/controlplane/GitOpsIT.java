package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.tests.cluster.Completed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How resources look to Flux, by its own kstatus, and to Argo CD, by the health script that is
/// shipped, in the interpreter that it runs there.
class GitOpsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /// What `scripts/gitops/build` exits with when something it needs is not on this machine.
  private static final int UNAVAILABLE = 69;

  @TempDir static Path folder;
  private static @Nullable OperatorFixture started;
  private static String program = "";

  @BeforeAll
  static void start() throws IOException {
    Completed build =
        Completed.run(
            new ProcessBuilder(ROOT.resolve("scripts/gitops/build").toString()),
            "",
            System.err::println);
    assumeTrue(build.exitCode() != UNAVAILABLE, build.stderr());
    program = build.output().strip();
    started = OperatorFixture.start(folder, Set.of("gitops", "gitops-alone"));
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
  void whatIsReadyIsHealthyAndWhatSomebodyMustMendIsDegraded() throws IOException {
    operator().gateway("gitops", "main-0");
    operator()
        .apply(
            "gitops",
            Manifests.PROVIDER
                + Manifests.POLICY
                + Manifests.KEY
                + Manifests.QUOTA
                + """
                apiVersion: oneflow.ai/v1alpha1
                kind: ApiKey
                metadata: {name: paused}
                spec: {suspended: true}
                ---
                apiVersion: oneflow.ai/v1alpha1
                kind: LLMProvider
                metadata: {name: without-a-secret}
                spec:
                  credentials: [{secretRef: {name: missing}}]
                  models: [{name: gpt-4o}]
                  dialect: OpenAI
                ---
                """
                + Manifests.GATEWAY);

    await()
        .untilAsserted(
            () ->
                assertThat(seen("gitops"))
                    .containsExactlyInAnyOrder(
                        "LLMProvider openai Current Healthy",
                        "RoutingPolicy smart Current Healthy",
                        "ApiKey search Current Healthy",
                        "ApiKey paused Current Suspended",
                        "QuotaPolicy all Current Healthy",
                        "LLMGateway main Current Healthy",
                        "LLMProvider without-a-secret Failed Degraded"));
  }

  @Test
  void whatWaitsIsProgressing() {
    operator().apply("gitops-alone", Manifests.KEY + Manifests.QUOTA);

    await()
        .untilAsserted(
            () ->
                assertThat(seen("gitops-alone"))
                    .containsExactlyInAnyOrder(
                        "ApiKey search InProgress Progressing",
                        "QuotaPolicy all InProgress Progressing"));
  }

  private static List<String> seen(String namespace) {
    String objects = operator().kubectl("get", "oneflow", "-n", namespace, "-o", "json");
    String script = ROOT.resolve("deploy/argocd/health.lua").toString();
    return Completed.run(new ProcessBuilder(program, script), objects, System.err::println)
        .output()
        .lines()
        .toList();
  }
}
