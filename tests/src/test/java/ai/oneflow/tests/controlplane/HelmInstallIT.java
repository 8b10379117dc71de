package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.Helm;
import ai.oneflow.tests.cluster.ProcessNodes;
import ai.oneflow.tests.cluster.TestCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A release from its first day to its last, on a cluster of its own. Its Pods are said to run.
class HelmInstallIT {
  private static final String CHART = "deploy/helm/oneflow";
  private static final String DEPLOYMENT = "deployment/oneflow-operator";

  /// All kinds that the chart makes.
  private static final String KINDS =
      "deployments,services,poddisruptionbudgets,serviceaccounts,roles,rolebindings,"
          + "clusterroles,clusterrolebindings,customresourcedefinitions";

  @TempDir Path folder;

  @Test
  void aReleaseIsInstalledUpgradedAndLeavesNothingButWhatItSays() {
    Helm helm = Helm.orSkip(folder);
    try (TestCluster cluster = TestCluster.start();
        ProcessNodes _ = ProcessNodes.hollow(cluster, "hollow")) {
      Completed installed = release(helm, cluster, "install", "--create-namespace");

      assertThat(installed.output()).contains("kubectl apply -f examples/quickstart", ":dev");
      assertThat(ofTheRelease(cluster)).hasSize(13);
      cluster.kubectl("apply", "-f", "examples/quickstart").output();
      assertThat(of(cluster, "{.status.readyReplicas}")).isEqualTo("2");

      release(helm, cluster, "upgrade", "--set", "replicas=3", "--set", "image.tag=next");

      assertThat(of(cluster, "{.status.readyReplicas} {.spec.template.spec.containers[0].image}"))
          .isEqualTo("3 oneflow-operator:next");
      assertThat(cluster.kubectl("get", "llmproviders", "-o", "name").output())
          .isEqualTo("llmprovider.oneflow.ai/openai");

      helm.run(cluster, "uninstall", "oneflow", "-n", "oneflow", "--wait").output();

      assertThat(ofTheRelease(cluster))
          .hasSize(5)
          .allMatch(name -> name.startsWith("customresourcedefinition"));
      assertThat(cluster.kubectl("get", "llmproviders", "-o", "name").output())
          .isEqualTo("llmprovider.oneflow.ai/openai");
      // What stayed is no obstacle to the next.
      release(helm, cluster, "install");
      assertThat(ofTheRelease(cluster)).hasSize(13);
    }
  }

  private static Completed release(
      Helm helm, TestCluster cluster, String action, String... further) {
    List<String> arguments =
        new ArrayList<>(
            List.of(action, "oneflow", CHART, "-n", "oneflow", "--wait", "--timeout", "60s"));
    arguments.addAll(List.of(further));
    Completed completed = helm.run(cluster, arguments.toArray(String[]::new));
    assertThat(completed.succeeded()).describedAs(completed.stderr()).isTrue();
    return completed;
  }

  private static List<String> ofTheRelease(TestCluster cluster) {
    return cluster
        .kubectl("get", KINDS, "-A", "-l", "app.kubernetes.io/managed-by=Helm", "-o", "name")
        .output()
        .lines()
        .toList();
  }

  private static String of(TestCluster cluster, String path) {
    return cluster.kubectl("get", DEPLOYMENT, "-n", "oneflow", "-o", "jsonpath=" + path).output();
  }
}
