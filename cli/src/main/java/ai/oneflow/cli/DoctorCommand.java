package ai.oneflow.cli;

import ai.oneflow.cli.check.Finding;
import ai.oneflow.cli.check.Installation;
import ai.oneflow.cli.check.Level;
import ai.oneflow.cli.check.Resources;
import ai.oneflow.cli.cluster.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `kubectl oneflow doctor`: what is wrong, and what to do about it.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Says what is wrong with the installation and the resources, and what to do about it.",
      "Exits with 0 where nothing is wrong, 1 where something is, 2 where it could not be found out."
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ScopeArguments scope = new ScopeArguments();
  @Mixin private OutputArguments output = new OutputArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Instant now = Instant.now();
    List<Finding> found = new ArrayList<>();
    try (Cluster cluster = scope.open()) {
      found.addAll(Installation.look(cluster, scope.namespace(), now));
      // The same gateway is not told of twice.
      List<String> told = wrong(found).stream().map(Finding::subject).toList();
      Resources.look(cluster, scope.namespace(), now).stream()
          .filter(finding -> !told.contains(finding.subject()))
          .forEach(found::add);
    }
    FindingsReport report = new FindingsReport(wrong(found));
    boolean isWell = report.count(Level.FAIL) + report.count(Level.WARN) == 0;
    String words = report.findings().isEmpty() ? "" : report.lines();
    output.write(
        spec.commandLine().getOut(),
        () -> words + (isWell ? "nothing is wrong" + place() + "\n" : ""),
        report::json);
    return isWell ? ExitCode.GOOD : ExitCode.WRONG;
  }

  private String place() {
    return scope.isAll() ? "" : " in " + scope.namespace() + "; -A looks at all namespaces";
  }

  private static List<Finding> wrong(List<Finding> found) {
    return found.stream().filter(finding -> finding.level() != Level.PASS).toList();
  }
}
