package ai.oneflow.operator.push;

import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Refusal;
import ai.oneflow.snapshot.SnapshotVersion;
import java.util.List;
import java.util.Optional;

/// What a gateway refused, in its own words.
///
/// @param sent the snapshot that was refused
/// @param kept what the gateway goes on serving by; what others accepted before, where that is not
///     known; empty where nothing is
public record Rejection(
    SnapshotVersion version,
    List<Refusal> refusals,
    GatewaySnapshot sent,
    Optional<GatewaySnapshot> kept) {
  public Rejection {
    refusals = List.copyOf(refusals);
  }
}
