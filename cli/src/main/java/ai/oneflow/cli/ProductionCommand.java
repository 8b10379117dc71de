package ai.oneflow.cli;

import ai.oneflow.cli.check.Level;
import ai.oneflow.cli.check.Production;
import ai.oneflow.cli.cluster.Cluster;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `kubectl oneflow prod-check`: the production checklist.
@Command(
    name = "prod-check",
    mixinStandardHelpOptions = true,
    description = {
      "Goes through the production checklist; of all namespaces, if none is named.",
      "What the cluster does not show is 'not known', never 'pass'.",
      "Exits with 0 where nothing fails, 1 where something does, 2 where it cannot be asked."
    })
final class ProductionCommand implements Callable<Integer> {
  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private OutputArguments output = new OutputArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--strict", description = "Warnings, and what is not known, fail as well.")
  private boolean strict;

  @Override
  public Integer call() {
    try (Cluster cluster = arguments.open()) {
      FindingsReport report =
          new FindingsReport(Production.look(cluster, arguments.namespaceOrAll(), Instant.now()));
      output.write(spec.commandLine().getOut(), report::lines, report::json);
      boolean isGood =
          strict
              ? report.count(Level.PASS) == report.findings().size()
              : report.count(Level.FAIL) == 0;
      return isGood ? ExitCode.GOOD : ExitCode.WRONG;
    }
  }
}
