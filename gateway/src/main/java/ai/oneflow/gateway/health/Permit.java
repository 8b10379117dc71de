package ai.oneflow.gateway.health;

/// The permission for one call of a target.
public enum Permit {
  /// One of many.
  PLAIN,
  /// The call decides whether others may follow.
  PROBE
}
