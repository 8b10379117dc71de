package ai.oneflow.gateway.exchange.meter;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Cost;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Ledger;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.util.List;

/// Prices what a request used and has it written down, exactly once for each request that went to a
/// provider.
public final class Meter {
  private final Ledger ledger;

  public Meter(Ledger ledger) {
    this.ledger = ledger;
  }

  /// Names a request before its provider is called.
  ///
  /// @param startMillis when it began; its event's duration counts from there
  public EventId nextId(long startMillis) {
    return ledger.nextId(startMillis);
  }

  /// What is metered.
  ///
  /// @param startMillis when the request began, which decides the price
  public record Metered(
      EventId id, Caller caller, Destination destination, PriceBook prices, long startMillis) {}

  /// Notes that the provider is about to be called, so that the request is charged whatever happens
  /// to this process. One event loop, from here to the end.
  ///
  /// @param inputTokens an estimate of those of the prompt
  public Opened open(Metered metered, boolean streamed, long inputTokens) {
    return ledger.open(opening(metered, streamed, inputTokens));
  }

  /// What is known of a request before its provider is called.
  public static Opening opening(Metered metered, boolean streamed, long inputTokens) {
    return new Opening(
        metered.id(),
        metered.caller(),
        metered.destination(),
        streamed,
        metered.prices().rates(inputTokens, metered.startMillis()),
        inputTokens);
  }

  /// Charges and writes the event down, in the place of what was noted. Where there are no figures
  /// nothing is charged.
  ///
  /// @param failed the attempts before the one that this tells of
  public Charge end(
      Opened opened, Metered metered, Figures figures, Ending ending, List<FailedAttempt> failed) {
    Charge charge = price(metered, figures);
    opened.end(
        new UsageEvent(
            metered.id(),
            metered.caller(),
            metered.destination(),
            ending,
            figures.usage(),
            figures.source(),
            cost(charge),
            false,
            failed));
    return charge;
  }

  /// What such figures cost.
  public static Charge price(Metered metered, Figures figures) {
    Charge charge = metered.prices().charge(figures.usage(), metered.startMillis());
    return figures.source() == UsageSource.NONE && charge instanceof Charge.Priced(_, var version)
        ? new Charge.Priced(Money.ZERO, version)
        : charge;
  }

  /// As the ledger says it.
  public static Cost cost(Charge charge) {
    return switch (charge) {
      case Charge.Unpriced() -> Cost.UNPRICED;
      case Charge.Priced(Money amount, String version) ->
          new Cost(ChargeState.PRICED, amount.picoDollars(), version);
      case Charge.Clamped(Money amount, String version) ->
          new Cost(ChargeState.CLAMPED, amount.picoDollars(), version);
      case Charge.Overflowed(String version) -> new Cost(ChargeState.OVERFLOWED, 0, version);
    };
  }
}
