package ai.oneflow.operator.push;

import ai.oneflow.snapshot.Delta;
import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Push;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// A snapshot on its way to gateways: makes the push for each base that one of them holds, once.
///
/// Each push has a nonce of one sequence. Streams share pushes, but none is sent the same one
/// twice:
/// what a gateway has accepted or refused is not sent again. Confined to the lock of [Fleet].
final class Publication {
  private static final GatewaySnapshot NOTHING = GatewaySnapshot.of(List.of());

  /// The order of what another operator published.
  static final long INHERITED = 0;

  private final GatewaySnapshot snapshot;
  private final LongSupplier nonces;
  private final Map<Optional<SnapshotVersion>, EncodedPush> byBase = new HashMap<>();
  private final long order;
  private boolean accepted;

  /// @param order greater than that of all before it
  Publication(GatewaySnapshot snapshot, LongSupplier nonces, long order) {
    this.order = order;
    this.snapshot = snapshot;
    this.nonces = nonces;
  }

  GatewaySnapshot snapshot() {
    return snapshot;
  }

  SnapshotVersion version() {
    return snapshot.version();
  }

  /// Whether it was published later.
  boolean isAfter(Publication other) {
    return order > other.order;
  }

  boolean isInherited() {
    return order == INHERITED;
  }

  /// Some gateway runs it.
  void accept() {
    accepted = true;
  }

  boolean isAccepted() {
    return accepted;
  }

  /// Nobody is to be sent it any more, but gateways may still hold it.
  void forgetEncodings() {
    byBase.clear();
  }

  /// For a gateway that runs `base`; the whole for one that runs nothing we know.
  EncodedPush from(Optional<GatewaySnapshot> base) {
    return byBase.computeIfAbsent(base.map(GatewaySnapshot::version), _ -> encode(base));
  }

  private EncodedPush encode(Optional<GatewaySnapshot> base) {
    Delta delta = Delta.between(base.orElse(NOTHING), snapshot);
    return EncodedPush.of(
        new Push(
            nonces.getAsLong(), snapshot.version(), base.map(GatewaySnapshot::version), delta));
  }
}
