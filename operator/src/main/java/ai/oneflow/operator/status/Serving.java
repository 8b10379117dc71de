package ai.oneflow.operator.status;

import ai.oneflow.operator.build.Built;
import ai.oneflow.operator.push.Instance;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.List;
import java.util.Map;

/// A gateway as reports see it: what its pods are to run, and what they do run.
///
/// @param instances the pods that are connected
/// @param introduced the snapshot that brought each entry as it is now. A report names that one and
///     not the newest, or any change would rewrite every status.
public record Serving(
    Built built, List<Instance> instances, Map<EntryKey, SnapshotVersion> introduced) {
  public Serving {
    instances = List.copyOf(instances);
  }

  /// Those by whose pods a resource is judged: a gateway that has none, and others have some, keeps
  /// nothing from being in force where there is somebody to serve by it. Who claims all namespaces
  /// and runs no pods would else have a say in everybody's resources.
  static List<Serving> counting(List<Serving> all) {
    List<Serving> withPods = all.stream().filter(s -> !s.instances.isEmpty()).toList();
    return withPods.isEmpty() ? all : withPods;
  }
}
