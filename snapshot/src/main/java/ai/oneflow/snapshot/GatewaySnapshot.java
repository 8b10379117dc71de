package ai.oneflow.snapshot;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Everything that the pods of one LLMGateway serve by: complete, consistent and immutable.
///
/// @param entries by key, in order
public record GatewaySnapshot(SnapshotVersion version, NavigableMap<EntryKey, Entry> entries) {

  public GatewaySnapshot {
    entries = Collections.unmodifiableNavigableMap(new TreeMap<>(entries));
  }

  /// Makes the snapshot of these entries and names it.
  ///
  /// @throws IllegalArgumentException where two entries have one key
  public static GatewaySnapshot of(Collection<? extends Entry> entries) {
    TreeMap<EntryKey, Entry> byKey = new TreeMap<>();
    for (Entry entry : entries) {
      if (byKey.put(entry.key(), entry) != null) {
        throw new IllegalArgumentException("two entries for " + entry.key());
      }
    }
    return new GatewaySnapshot(SnapshotCodec.versionOf(byKey.values()), byKey);
  }
}
