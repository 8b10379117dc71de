package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.TestCluster;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The install that is shipped, on a cluster of its own that knows nothing of OneFlow yet.
class InstallIT {
  private static final String BASE = "deploy/kustomize/base";

  @Test
  void oneCommandBringsAnOperatorWithItsRights() {
    try (TestCluster cluster = TestCluster.start()) {
      run(cluster, "apply", "--server-side", "-k", BASE);

      run(cluster, "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
      await()
          .atMost(Duration.ofSeconds(40))
          .untilAsserted(
              () ->
                  assertThat(
                          run(
                              cluster,
                              "get",
                              "pods",
                              "-n",
                              "oneflow",
                              "-o",
                              "jsonpath={.items[*].spec.serviceAccountName}"))
                      .isEqualTo("oneflow-operator oneflow-operator"));
      assertThat(may(cluster, "create", "deployments.apps")).isEqualTo("yes");
      assertThat(may(cluster, "delete", "deployments.apps")).isEqualTo("no");
      assertThat(run(cluster, "apply", "--server-side", "-k", BASE)).contains("serverside-applied");
      assertThat(cluster.kubectl("apply", "-f", "examples/quickstart").succeeded()).isTrue();
    }
  }

  /// It says no by its exit code, too.
  private static String may(TestCluster cluster, String verb, String what) {
    String account = "system:serviceaccount:oneflow:oneflow-operator";
    return cluster
        .kubectl("auth", "can-i", verb, what, "--as=" + account, "-n", "default")
        .stdout()
        .strip();
  }

  private static String run(TestCluster cluster, String... arguments) {
    Completed completed = cluster.kubectl(arguments);
    assertThat(completed.succeeded()).describedAs(completed.stderr()).isTrue();
    return completed.output();
  }
}
