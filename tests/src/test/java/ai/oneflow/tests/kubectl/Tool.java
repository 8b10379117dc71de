package ai.oneflow.tests.kubectl;

import ai.oneflow.cli.KubectlMain;
import ai.oneflow.tests.cluster.TestCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/// Runs `kubectl oneflow` in this JVM.
///
/// @param namespace which is meant where none is given
public record Tool(TestCluster cluster, String namespace) {

  /// What it said and how it ended.
  public record Said(int exitCode, String out, String err) {}

  /// One command, in the namespace.
  public Said run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-n", namespace));
    return everywhere(all.toArray(String[]::new));
  }

  /// One command, as it stands.
  Said everywhere(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--kubeconfig")) {
      all.addAll(List.of("--kubeconfig", cluster.kubeconfig().toString()));
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        KubectlMain.run(new PrintWriter(out), new PrintWriter(err), all.toArray(String[]::new));
    return new Said(exitCode, out.toString(), err.toString());
  }

  /// As kubectl would take it from standard input.
  void apply(String manifest) {
    cluster.kubectlWithInput(manifest, "apply", "-n", namespace, "-f", "-").output();
  }

  /// What the operator would write.
  void status(String resource, String status) {
    kubectl(
        "patch",
        resource,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":" + status + "}");
  }

  String kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-n", namespace));
    return cluster.kubectl(all.toArray(String[]::new)).output();
  }
}
