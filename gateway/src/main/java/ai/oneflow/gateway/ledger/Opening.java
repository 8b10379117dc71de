package ai.oneflow.gateway.ledger;

import ai.oneflow.gateway.dialect.Usage;

/// What is known of a request before its provider is called: enough to charge it if this process
/// does not live to see its end.
///
/// @param streamed whether the caller wants a stream of events
/// @param inputTokens an estimate of those of the prompt
public record Opening(
    EventId id,
    Caller caller,
    Destination destination,
    boolean streamed,
    Rates rates,
    long inputTokens) {
  public Opening {
    if (inputTokens < 0) {
      throw new IllegalArgumentException("inputTokens must not be negative: " + inputTokens);
    }
  }

  /// The event of a request that nobody saw the end of.
  ///
  /// @param saidInputTokens what the provider had said of the prompt; 0 where it had said nothing
  /// @param outputTokens those that had passed
  public UsageEvent cutShort(long saidInputTokens, long outputTokens) {
    long input = saidInputTokens == 0 ? inputTokens : saidInputTokens;
    return new UsageEvent(
        id,
        caller,
        destination,
        new Ending(Outcome.GATEWAY_FAILED, 0, streamed, 0),
        new Usage(input, 0, 0, 0, 0, outputTokens, 0, 0),
        UsageSource.ESTIMATED,
        rates.cost(input, outputTokens));
  }
}
