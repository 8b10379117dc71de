package ai.oneflow.gateway.quota.redis;

/// What counting in Redis has come to since the start.
///
/// @param here requests that were admitted out of shares alone
/// @param asked requests that Redis was asked about
/// @param batches calls of Redis
/// @param operations what went with them
/// @param awayMillis for how long Redis was not there
/// @param shares counters of which a share is held now
/// @param pending counters of which Redis is still to be told something now
/// @param reaped dead gateways whose holds this one gave back
/// @param rebuilds times that this gateway wrote lost counters
public record QuotaStatistics(
    long here,
    long asked,
    long batches,
    long operations,
    long awayMillis,
    long shares,
    long pending,
    long reaped,
    long rebuilds) {}
