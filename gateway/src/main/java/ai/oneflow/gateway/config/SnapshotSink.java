package ai.oneflow.gateway.config;

import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.Refusal;
import java.util.List;

/// Takes a complete snapshot and puts it in force, or refuses it and leaves what was in force.
///
/// Called by one thread at a time, never an event loop; it may take its time to compile. When it
/// returns [Outcome.Accepted], every request that begins afterwards is served by the snapshot.
public interface SnapshotSink {

  Outcome offer(GatewaySnapshot snapshot);

  /// What became of a snapshot.
  sealed interface Outcome {
    /// It is in force.
    record Accepted() implements Outcome {}

    /// It is not; the former one still is.
    ///
    /// @param refusals at least one, each naming its entry where there is one at fault
    record Refused(List<Refusal> refusals) implements Outcome {
      public Refused {
        refusals = List.copyOf(refusals);
        if (refusals.isEmpty()) {
          throw new IllegalArgumentException(
              "whoever refuses says why: refusals must not be empty");
        }
      }
    }
  }
}
