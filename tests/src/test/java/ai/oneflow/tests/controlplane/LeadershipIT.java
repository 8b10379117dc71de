package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.operator.lead.Candidate;
import ai.oneflow.operator.lead.Leadership;
import ai.oneflow.tests.cluster.TestCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Candidates that may do what the operator's Role says, on a cluster of their own.
class LeadershipIT {
  private static final Duration WITHIN = Duration.ofSeconds(20);

  @Test
  void oneLeadsAndAnotherAfterIt() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    try (TestCluster cluster = TestCluster.start()) {
      cluster.kubectl("apply", "-f", "operator/src/main/k8s").output();
      for (String pod : new String[] {"a", "b"}) {
        cluster.kubectlWithInput(pod(pod), "apply", "-n", "oneflow", "-f", "-").output();
      }
      try (KubernetesClient client = OperatorFixture.asOperator(cluster);
          Leadership second = race(client, cluster, lost)) {
        await().atMost(WITHIN).until(second.won()::isDone);
        second.show();

        assertThat(labelled(cluster)).isEqualTo("a b");
        Leadership again = Leadership.seek(client, candidate("a"), () -> {});
        assertThat(labelled(cluster)).isEqualTo("b");
        assertThat(again.won()).isNotDone();
        again.close();
      }
      assertThat(lost).isFalse();
    }
  }

  /// The first leads, shows it and goes; the second has waited.
  private static Leadership race(KubernetesClient client, TestCluster cluster, AtomicBoolean lost) {
    try (Leadership first = Leadership.seek(client, candidate("a"), () -> lost.set(true))) {
      await().atMost(WITHIN).until(first.won()::isDone);
      Leadership second = Leadership.seek(client, candidate("b"), () -> lost.set(true));
      first.show();
      assertThat(labelled(cluster)).isEqualTo("a");
      assertThat(second.won()).isNotDone();
      return second;
    }
  }

  private static Candidate candidate(String pod) {
    return new Candidate("oneflow", Optional.of(pod), pod + "-1");
  }

  private static String labelled(TestCluster cluster) {
    return cluster
        .kubectl(
            "get",
            "pods",
            "-n",
            "oneflow",
            "-l",
            Leadership.LABEL + "=true",
            "-o",
            "jsonpath={.items[*].metadata.name}")
        .output();
  }

  private static String pod(String name) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
          containers:
            - name: it
              image: it
              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
        """
        .formatted(name);
  }
}
