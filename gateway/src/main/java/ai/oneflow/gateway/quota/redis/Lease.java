package ai.oneflow.gateway.quota.redis;

/// Under what a gateway counts, from one loss of its bookings to the next.
///
/// @param name the instance and a random number
/// @param epoch the counters that it speaks of
record Lease(String name, String epoch) {}
