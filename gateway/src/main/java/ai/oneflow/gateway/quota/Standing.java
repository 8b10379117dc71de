package ai.oneflow.gateway.quota;

/// Where a caller stands with a limit.
///
/// @param left what could be taken now, in the limit's unit, not below 0
/// @param resetMillis until everything is free again if nothing is asked meanwhile; for a span
///     without end 0
/// @param used what counts now, what is held included: more than the amount where the limit does
///     not bind, or was lowered; known of a look alone
/// @param settled what was really used, without what requests under way hold and gateways have
///     taken for later; known of a look alone, and of a span that slides it is all that counts
public record Standing(Limit limit, long left, long resetMillis, long used, long settled) {
  /// As who takes learns it.
  public Standing(Limit limit, long left, long resetMillis) {
    this(limit, left, resetMillis, 0, 0);
  }
}
