package ai.oneflow.gateway.ledger;

import ai.oneflow.gateway.dialect.Usage;

/// One request that was sent to a provider, and what it cost. When it began is in its id; on which
/// gateway it ran is known to the journal.
///
/// @param batch whether it went through the provider's batch API, at that price
/// @param attempts how many times a provider was called; 1 or more
public record UsageEvent(
    EventId id,
    Caller caller,
    Destination destination,
    Ending ending,
    Usage usage,
    UsageSource usageSource,
    Cost cost,
    boolean batch,
    int attempts) {
  private static final int MOST_ATTEMPTS = Short.MAX_VALUE;

  public UsageEvent {
    if (attempts < 1 || attempts > MOST_ATTEMPTS) {
      throw new IllegalArgumentException("attempts must lie in 1 to 32767, not " + attempts);
    }
  }

  /// Of an ordinary request that took one attempt.
  public UsageEvent(
      EventId id,
      Caller caller,
      Destination destination,
      Ending ending,
      Usage usage,
      UsageSource usageSource,
      Cost cost) {
    this(id, caller, destination, ending, usage, usageSource, cost, false, 1);
  }
}
