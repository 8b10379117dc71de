package ai.oneflow.operator.push;

import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RefusedCredentials;
import java.util.List;
import java.util.Optional;

/// A connected gateway pod as it is now.
///
/// @param name the pod's
/// @param runs what it has acknowledged; empty until then, also where it runs a snapshot of a
///     former operator's that is not known here
/// @param rejection what it refused last, until it accepts a snapshot
/// @param breakers how they stand; empty until it says so, which older versions never do
/// @param refusedCredentials those that providers refuse it since they were changed
public record Instance(
    String name,
    Optional<GatewaySnapshot> runs,
    Optional<Rejection> rejection,
    Optional<Breakers> breakers,
    List<RefusedCredentials.Refused> refusedCredentials) {
  public Instance {
    refusedCredentials = List.copyOf(refusedCredentials);
  }

  /// One that has said nothing of providers.
  public Instance(String name, Optional<GatewaySnapshot> runs, Optional<Rejection> rejection) {
    this(name, runs, rejection, Optional.empty(), List.of());
  }
}
