package ai.oneflow.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// What turns one snapshot into another.
public record Delta(List<Entry> upserts, List<EntryKey> removals) {

  public Delta {
    upserts = List.copyOf(upserts);
    removals = List.copyOf(removals);
  }

  public static Delta between(GatewaySnapshot from, GatewaySnapshot to) {
    List<Entry> upserts = new ArrayList<>();
    to.entries()
        .forEach(
            (key, entry) -> {
              if (!entry.equals(from.entries().get(key))) {
                upserts.add(entry);
              }
            });
    List<EntryKey> removals =
        from.entries().keySet().stream().filter(key -> !to.entries().containsKey(key)).toList();
    return new Delta(upserts, removals);
  }

  /// The snapshot that this delta makes out of `base`; its version is computed, so compare it with
  /// the one that was announced.
  public GatewaySnapshot applyTo(GatewaySnapshot base) {
    TreeMap<EntryKey, Entry> entries = new TreeMap<>(base.entries());
    removals.forEach(entries::remove);
    upserts.forEach(entry -> entries.put(entry.key(), entry));
    return GatewaySnapshot.of(entries.values());
  }
}
