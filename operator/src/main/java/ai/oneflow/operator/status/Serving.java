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
}
