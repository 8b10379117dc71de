package ai.oneflow.snapshot;

import java.util.List;

/// The gateway refuses `version` and keeps what it had.
///
/// @param refusals at least one
public record Nack(long nonce, SnapshotVersion version, List<Refusal> refusals)
    implements FromGateway {
  public Nack {
    refusals = List.copyOf(refusals);
    if (refusals.isEmpty()) {
      throw new IllegalArgumentException("a nack says why: refusals must not be empty");
    }
  }
}
