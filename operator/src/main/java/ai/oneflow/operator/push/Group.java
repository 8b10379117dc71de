package ai.oneflow.operator.push;

import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// The pods of one LLMGateway and the snapshots that they may hold. Confined to the lock of
/// [Fleet].
final class Group {
  /// How many snapshots back a gateway may be and still get a delta.
  private static final int REMEMBERED = 16;

  private final TreeMap<String, GatewayStream> streams = new TreeMap<>();
  private final LinkedHashMap<SnapshotVersion, GatewaySnapshot> recent = new LinkedHashMap<>();
  private Optional<Publication> newest = Optional.empty();

  Optional<Publication> newest() {
    return newest;
  }

  /// Says whether that is news.
  boolean publish(GatewaySnapshot snapshot, LongSupplier nonces) {
    if (newest.filter(n -> n.version().equals(snapshot.version())).isPresent()) {
      return false;
    }
    newest = Optional.of(new Publication(snapshot, nonces));
    recent.remove(snapshot.version());
    recent.put(snapshot.version(), snapshot);
    while (recent.size() > REMEMBERED) {
      recent.pollFirstEntry();
    }
    return true;
  }

  Optional<GatewaySnapshot> known(SnapshotVersion version) {
    return Optional.ofNullable(recent.get(version));
  }

  /// A copy: the caller may end streams while it goes through them.
  List<GatewayStream> streams() {
    return List.copyOf(streams.values());
  }

  /// Gives the stream of the same instance that this one replaces: a connection that broke without
  ///     a word is noticed later than its successor comes
  Optional<GatewayStream> add(GatewayStream stream) {
    return Optional.ofNullable(streams.put(stream.instance, stream));
  }

  boolean remove(GatewayStream stream) {
    return streams.remove(stream.instance, stream);
  }
}
