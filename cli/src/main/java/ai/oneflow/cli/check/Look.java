package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.ClusterException;
import java.util.List;
import java.util.function.Supplier;

/// A part of what is looked at. Whoever asks may not see all of a cluster, and is told of the rest.
final class Look {
  private Look() {}

  /// What is found, or that it may not be looked at.
  ///
  /// @throws ClusterException where there is nobody to ask
  static List<Finding> at(String subject, Supplier<List<Finding>> part) {
    try {
      return part.get();
    } catch (ClusterException e) {
      if (e.isUnreachable()) {
        throw e;
      }
      return List.of(Finding.unknown(subject, e.getMessage(), "ask somebody who may look at it"));
    }
  }
}
