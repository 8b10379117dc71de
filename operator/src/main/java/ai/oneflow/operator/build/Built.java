package ai.oneflow.operator.build;

import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.GatewaySnapshot;
import java.util.List;
import java.util.Map;

/// The snapshot for the pods of a gateway, and what had to be left out of it.
///
/// @param held entries that are in quarantine: the last good content is in their place, or nothing
/// @param waits what a resource waits for, in words, where it is served in part or not at all
/// @param conflicts names that an older resource holds, in words
public record Built(
    GatewayId gateway,
    GatewaySnapshot snapshot,
    Map<EntryKey, Quarantine.Refused> held,
    Map<EntryKey, List<String>> waits,
    Map<EntryKey, List<String>> conflicts) {
  public Built {
    held = Map.copyOf(held);
    waits = Map.copyOf(waits);
    conflicts = Map.copyOf(conflicts);
  }
}
