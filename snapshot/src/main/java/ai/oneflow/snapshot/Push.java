package ai.oneflow.snapshot;

import java.util.Optional;

/// The operator's one message: what to change to come from `base` to `version`.
///
/// @param nonce names this push in the answer; no other push of the stream has it
/// @param base what the delta applies to; empty: to nothing, the delta is the whole
public record Push(
    long nonce, SnapshotVersion version, Optional<SnapshotVersion> base, Delta delta) {
  public Push {
    Require.atLeast("nonce", 1, nonce);
  }
}
