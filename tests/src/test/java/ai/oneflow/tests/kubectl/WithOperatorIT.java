package ai.oneflow.tests.kubectl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.controlplane.OperatorFixture;
import ai.oneflow.tests.kubectl.Tool.Said;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person asks for by `kubectl oneflow`, and the real operator does.
class WithOperatorIT {
  private static final String NAMESPACE = "kubectl-operator";
  private static final String KEY = "jsonpath={.data.api-key}";

  @TempDir Path folder;

  @Test
  void theOperatorRotatesAndTheToolTellsOfIt() throws IOException {
    try (OperatorFixture operator = OperatorFixture.start(folder, Set.of(NAMESPACE))) {
      Tool tool = new Tool(TestCluster.shared(), NAMESPACE);
      operator.apply(
          NAMESPACE,
          """
          {apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: alice}, spec: {}}
          """);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(tool.run("list").out()).contains("of_live_"));
      String old = secret(tool);

      Said rotated = tool.run("rotate", "alice");

      assertThat(rotated.exitCode()).describedAs(rotated.err()).isZero();
      String fresh = secret(tool);
      assertThat(fresh).isNotEqualTo(old);
      assertThat(rotated.out())
          .contains("the key is " + fresh.substring(0, 11), "the one before it works until 20")
          .doesNotContain(fresh);
      Said revoked = tool.run("revoke", "alice");
      assertThat(revoked.exitCode()).describedAs(revoked.err()).isZero();
      assertThat(tool.run("list").out()).contains("Suspended");
      assertThat(tool.run("doctor").out())
          .contains("ApiKey " + NAMESPACE + "/alice: Programmed is");
    }
  }

  private static String secret(Tool tool) {
    String coded = tool.kubectl("get", "secret", "alice-key", "-o", KEY);
    return new String(Base64.getDecoder().decode(coded), UTF_8);
  }
}
