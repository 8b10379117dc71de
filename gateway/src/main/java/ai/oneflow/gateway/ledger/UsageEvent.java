package ai.oneflow.gateway.ledger;

import ai.oneflow.gateway.dialect.Usage;
import java.util.List;

/// One request that was sent to a provider, and what it cost. When it began is in its id; on which
/// gateway it ran is known to the journal.
///
/// @param destination that of the last attempt, which the rest of the event tells of
/// @param batch whether it went through the provider's batch API, at that price
/// @param failed the attempts before that one, in their order; at most 100
public record UsageEvent(
    EventId id,
    Caller caller,
    Destination destination,
    Ending ending,
    Usage usage,
    UsageSource usageSource,
    Cost cost,
    boolean batch,
    List<FailedAttempt> failed) {
  private static final int MOST_FAILED = 100;

  public UsageEvent {
    failed = List.copyOf(failed);
    if (failed.size() > MOST_FAILED) {
      throw new IllegalArgumentException(
          "failed must hold at most " + MOST_FAILED + " attempts, not " + failed.size());
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
    this(id, caller, destination, ending, usage, usageSource, cost, false, List.of());
  }

  /// How many times a provider was called; 1 or more.
  public int attempts() {
    return failed.size() + 1;
  }

  /// The same event after these attempts in place of those that it has.
  public UsageEvent withFailed(List<FailedAttempt> attempts) {
    return new UsageEvent(
        id, caller, destination, ending, usage, usageSource, cost, batch, attempts);
  }
}
