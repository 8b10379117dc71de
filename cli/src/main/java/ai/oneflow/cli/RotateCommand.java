package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kubectl oneflow rotate`: another key for a caller; the one before it works on for its grace.
@Command(
    name = "rotate",
    mixinStandardHelpOptions = true,
    description = "Has another key made; the one before it works on for spec.rotation.grace.")
final class RotateCommand implements Callable<Integer> {
  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private WaitArguments wait = new WaitArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Names of ApiKeys.")
  private List<String> names = List.of();

  @Override
  public Integer call() {
    try (Cluster cluster = arguments.open()) {
      Rotation rotation =
          new Rotation(
              cluster, wait.within(), spec.commandLine().getOut(), spec.commandLine().getErr());
      // All of them are looked for before the first is changed.
      List<Found> keys = names.stream().map(name -> arguments.key(cluster, name)).toList();
      boolean good = true;
      for (Found key : keys) {
        good &= rotation.rotate(key, JsonNodeFactory.instance.objectNode());
      }
      return good ? ExitCode.GOOD : ExitCode.WRONG;
    }
  }
}
