package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Crossing;

/// What a desk works with.
///
/// @param shares whether slices are taken
/// @param patienceMillis how long an answer of Redis may take before nobody waits for it
record Terms(
    Keys keys, RedisTime time, boolean shares, long patienceMillis, Crossing.Listener listener) {
  /// Many times what an answer takes, and little enough to be waited for by a caller.
  static final long PATIENCE_MILLIS = 25;
}
