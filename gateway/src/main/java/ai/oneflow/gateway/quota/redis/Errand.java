package ai.oneflow.gateway.quota.redis;

/// Something for the caretaker to do.
sealed interface Errand {
  /// Counters are in doubt.
  record Lost() implements Errand {}

  /// This gateway has no lease any more.
  record Reaped() implements Errand {}

  /// A gateway is dead.
  record Died(String lease) implements Errand {}

  /// Another configuration is in force.
  record Configured() implements Errand {}

  /// The connection leads to a Redis that does not take what is written.
  record Misled() implements Errand {}
}
