package ai.oneflow.gateway.quota;

/// What happens to a request that does not fit a limit.
public enum Binding {
  /// It is refused.
  HARD,
  /// It is refused, unless it is asked of a cheaper model, for which the limit merely counts.
  DEGRADE,
  /// It goes on, and it is reported that a limit in force would have refused it.
  SHADOW,
  /// It goes on.
  COUNT;

  /// Whether a request that does not fit is refused.
  public boolean binds() {
    return this == HARD || this == DEGRADE;
  }
}
