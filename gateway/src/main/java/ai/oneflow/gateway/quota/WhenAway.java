package ai.oneflow.gateway.quota;

/// What holds for a limit while its counter cannot be reached.
public enum WhenAway {
  /// It does not bind; what is used is counted later.
  ALLOW,
  /// It refuses.
  DENY,
  /// A window's limit is divided by the gateways and counted by each. A budget has only what the
  /// gateway had already booked, since anything else could overspend it.
  LOCAL_SHARE
}
