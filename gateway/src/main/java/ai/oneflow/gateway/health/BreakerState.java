package ai.oneflow.gateway.health;

/// Whether a breaker lets calls through.
public enum BreakerState {
  /// All of them.
  CLOSED,
  /// None.
  OPEN,
  /// A probe, whose outcome decides.
  HALF_OPEN
}
