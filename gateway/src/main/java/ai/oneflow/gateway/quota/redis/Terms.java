package ai.oneflow.gateway.quota.redis;

import ai.oneflow.gateway.quota.Crossing;

/// What a desk works with.
///
/// @param shares whether slices are taken
record Terms(Keys keys, RedisTime time, boolean shares, Waits waits, Crossing.Listener listener) {

  /// @param patienceMillis how long an answer of Redis may take before nobody waits for it
  /// @param deathMillis after how long a gateway that is not heard of is taken for dead
  record Waits(long patienceMillis, long deathMillis) {
    /// An answer may take many times as long as it should, which is little to be waited for by a
    /// caller.
    static final Waits USUAL = new Waits(25, 15_000);

    /// For how long after its last answer a gateway spends its shares: others must not have given
    /// them back yet.
    long trustMillis() {
      return deathMillis / 3 * 2;
    }
  }
}
