package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;

/// Requests on their way to test with; the number of one is its input tokens.
final class Openings {
  static final Rates RATES = new Rates("v1", 7, 3, 5);

  private Openings() {}

  static Opening numbered(long number, EventId id) {
    return new Opening(id, Events.ALICE, Events.CHAT, true, RATES, number);
  }

  /// The same request on its way to the other of the two destinations.
  static Opening redirected(Opening opening) {
    boolean isChat = opening.destination().equals(Events.CHAT);
    return new Opening(
        opening.id(),
        opening.caller(),
        isChat ? Events.EMBEDDINGS : Events.CHAT,
        opening.streamed(),
        opening.rates(),
        opening.inputTokens());
  }

  /// Its whole end.
  static UsageEvent end(Opening opening, long outputTokens) {
    return new UsageEvent(
        opening.id(),
        opening.caller(),
        opening.destination(),
        Events.COMPLETED,
        new Usage(opening.inputTokens(), 0, 0, 0, 0, outputTokens, 0, 0),
        UsageSource.PROVIDER,
        RATES.cost(opening.inputTokens(), outputTokens));
  }

  /// What becomes of it when its process dies.
  static UsageEvent died(Opening opening, long inputTokens, long outputTokens) {
    Cost cost = RATES.cost(inputTokens, outputTokens);
    return new UsageEvent(
        opening.id(),
        opening.caller(),
        opening.destination(),
        new Ending(Outcome.GATEWAY_FAILED, 0, true, 0),
        new Usage(inputTokens, 0, 0, 0, 0, outputTokens, 0, 0),
        UsageSource.ESTIMATED,
        cost);
  }
}
