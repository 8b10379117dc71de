package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Hold;
import java.util.Optional;

/// What is remembered of a hold until it settles.
///
/// @param alone what was taken of this gateway's own counters while Redis was away
/// @param checkpoint the id under which its progress is in the lease
record Live(Optional<Hold> alone, Optional<String> checkpoint) {
  static final Live PLAIN = new Live(Optional.empty(), Optional.empty());
}
