package ai.oneflow.operator.push;

import ai.oneflow.snapshot.GatewaySnapshot;
import java.util.Optional;

/// A connected gateway pod as it is now.
///
/// @param name the pod's
/// @param runs what it has acknowledged; empty until then, also where it runs a snapshot of a
///     former operator's
/// @param rejection what it refused last, until it accepts a snapshot
/// @param breakers how they stand; empty until it says so, which older versions never do
public record Instance(
    String name,
    Optional<GatewaySnapshot> runs,
    Optional<Rejection> rejection,
    Optional<Breakers> breakers) {

  /// One that has said nothing of breakers.
  public Instance(String name, Optional<GatewaySnapshot> runs, Optional<Rejection> rejection) {
    this(name, runs, rejection, Optional.empty());
  }
}
