package ai.oneflow.cli;

import ai.oneflow.cli.cluster.Cluster;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of a command that looks at one namespace or at all.
final class ScopeArguments {
  @Mixin private ClusterArguments cluster = new ClusterArguments();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Look at all namespaces.")
  private boolean all;

  Cluster open() {
    return cluster.open();
  }

  /// The one that is meant, or empty for all.
  String namespace() {
    return all ? "" : cluster.namespace();
  }

  boolean isAll() {
    return all;
  }
}
