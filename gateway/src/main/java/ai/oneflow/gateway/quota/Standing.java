package ai.oneflow.gateway.quota;

/// Where a caller stands with a limit.
///
/// @param left what could be taken now, in the limit's unit, not below 0
/// @param resetMillis until everything is free again if nothing is asked meanwhile; for a span
///     without end 0
public record Standing(Limit limit, long left, long resetMillis) {}
