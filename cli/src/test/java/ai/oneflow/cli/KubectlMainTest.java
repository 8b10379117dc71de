package ai.oneflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubectlMainTest {
  private final StringWriter said = new StringWriter();
  private final StringWriter complained = new StringWriter();

  private int run(String... arguments) {
    return KubectlMain.run(new PrintWriter(said), new PrintWriter(complained), arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "validate",
        "list",
        "rotate",
        "rotate-expiring",
        "revoke",
        "usage",
        "explain",
        "doctor",
        "health",
        "prod-check"
      })
  void everyCommandTellsWhatItIsFor(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(said.toString()).startsWith("Usage: kubectl oneflow " + command);
  }

  @Test
  void aKubeconfigThatIsNotThereIsNamed() {
    assertThat(run("list", "--kubeconfig", "/nowhere/config")).isEqualTo(2);
    assertThat(complained.toString()).isEqualTo("error: there is no kubeconfig /nowhere/config\n");
  }

  @Test
  void whatMakesNoSenseEndsWithTwo() {
    assertThat(run("list", "--colour")).isEqualTo(2);
    assertThat(run("rotate")).isEqualTo(2);
    assertThat(run("list", "-o", "yaml")).isEqualTo(2);
    assertThat(complained.toString()).contains("Unknown option: '--colour'", "KEY", "table, json");
  }
}
