package ai.oneflow.gateway.health;

/// The permission for one call of a target.
///
/// @param isProbe whether the call decides if others may follow
/// @param generation how often its breaker had opened before; of no meaning for a probe
public record Permit(boolean isProbe, long generation) {
  /// One of many, of a breaker that has never opened.
  public static final Permit PLAIN = new Permit(false, 0);

  public static final Permit PROBE = new Permit(true, 0);

  /// One of many, after the next opening.
  Permit next() {
    return new Permit(false, generation + 1);
  }
}
