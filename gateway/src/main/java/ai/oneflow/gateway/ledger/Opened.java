package ai.oneflow.gateway.ledger;

/// A request on its way, as the journal has it: if the process dies, the next one writes its event
/// with the [Outcome#GATEWAY_FAILED] and what is noted here, and charges that.
///
/// One thread only, the one that opened it: an event loop. Nothing here allocates or blocks.
public interface Opened {

  /// Notes how many tokens of output have passed so far, in place of what was noted before.
  void progress(long outputTokens);

  /// Notes what the provider says of the prompt, in place of the estimate.
  void input(long inputTokens);

  /// Another provider is about to be called for the same request, which has the same id: notes that
  /// in place of all that was noted before, progress too. Where the journal has no room the former
  /// note stays. After the end it does nothing.
  void redirect(Opening next);

  /// Writes the event, as [Ledger#record] does, and lets go of this note. Where the event cannot be
  /// written the note stays, so that the request is charged at the next start.
  boolean end(UsageEvent event);
}
