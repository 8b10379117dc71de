package ai.oneflow.gateway.quota.redis;

/// Hears what a desk cannot set right by itself. Must not block.
interface Trouble {
  /// Redis has lost what it was told: all counters are in doubt.
  void lost();

  /// Others took this gateway for dead and gave back what it held.
  void reaped();

  /// A gateway has not been seen for long.
  void died(String lease);

  /// The connection does not answer, and is not down either.
  void silent();

  /// A call came to nothing; it is made again.
  void failed(Throwable failure);
}
