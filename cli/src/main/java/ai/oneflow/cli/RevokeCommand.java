package ai.oneflow.cli;

import ai.oneflow.api.v1alpha1.ConditionReason;
import ai.oneflow.api.v1alpha1.ConditionType;
import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `kubectl oneflow revoke`: a caller is let in no more. Suspending keeps the ApiKey, what it spent
/// and its key; deleting does not.
@Command(
    name = "revoke",
    mixinStandardHelpOptions = true,
    description = {
      "Suspends keys: all gateways refuse them, and spec.suspended: false lets them in again.",
      "With --delete they are deleted for good, and their Secrets with them."
    })
final class RevokeCommand implements Callable<Integer> {
  private static final String PROGRAMMED = ConditionType.PROGRAMMED.text();

  @Mixin private ClusterArguments arguments = new ClusterArguments();
  @Mixin private WaitArguments wait = new WaitArguments();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "1..*", paramLabel = "KEY", description = "Names of ApiKeys.")
  private List<String> names = List.of();

  @Option(names = "--delete", description = "Delete instead of suspending.")
  private boolean delete;

  @Override
  public Integer call() {
    Duration within = wait.within();
    try (Cluster cluster = arguments.open()) {
      List<Found> keys = names.stream().map(name -> arguments.key(cluster, name)).toList();
      boolean good = true;
      for (Found key : keys) {
        good &= delete ? delete(cluster, key) : suspend(cluster, key, within);
      }
      return good ? ExitCode.GOOD : ExitCode.WRONG;
    }
  }

  private boolean delete(Cluster cluster, Found key) {
    cluster.delete(key);
    spec.commandLine().getOut().println(key.title() + ": deleted, and its Secret goes with it");
    return true;
  }

  private boolean suspend(Cluster cluster, Found key, Duration within) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("spec").put("suspended", true);
    Found suspended = cluster.patch(key, patch);
    if (within.isZero()) {
      spec.commandLine().getOut().println(key.title() + ": suspended");
      return true;
    }
    Optional<Found> seen = cluster.await(suspended, RevokeCommand::isInForce, within);
    seen.flatMap(now -> now.condition(PROGRAMMED))
        .ifPresentOrElse(
            condition ->
                spec.commandLine()
                    .getOut()
                    .println(key.title() + ": suspended; " + condition.message()),
            () ->
                spec.commandLine()
                    .getErr()
                    .printf(
                        "error: %s: suspended, but within %d s not all gateways have said that"
                            + " they refuse it; see kubectl oneflow doctor%n",
                        key.title(), within.toSeconds()));
    return seen.isPresent();
  }

  /// Where there is no gateway nobody is let in anyway.
  private static boolean isInForce(Found key) {
    return key.isObserved()
        && key.condition(PROGRAMMED)
            .filter(c -> c.holds() || c.reason().equals(ConditionReason.NO_GATEWAYS.text()))
            .isPresent();
  }
}
