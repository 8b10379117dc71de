package ai.oneflow.gateway.telemetry;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.ledger.ChargeState;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.Outcome;
import java.util.concurrent.atomic.DoubleAdder;

/// The requests that went one way: a public model on a surface to a model of a provider.
final class DestinationMeters {
  private static final double PICO_DOLLARS_PER_CREDIT = 1e10;

  private final Counters<Outcome> outcomes = new Counters<>(Outcome.values());
  private final Counters<ChargeState> charges = new Counters<>(ChargeState.values());
  private final Counters<ErrorCode> faults = new Counters<>(ErrorCode.values());
  private final Counters<TokenPart> parts = new Counters<>(TokenPart.values());
  private final Histogram durations = Histogram.ofRequests();
  private final Histogram firstTokens = Histogram.ofFirstTokens();
  private final Histogram inputTokens = Histogram.ofTokens();
  private final Histogram outputTokens = Histogram.ofTokens();

  /// A `long` would overflow at nine million US dollars.
  private final DoubleAdder picoDollars = new DoubleAdder();

  void faulted(ErrorCode code) {
    faults.increment(code);
  }

  void ended(Ending ending) {
    outcomes.increment(ending.outcome());
    durations.record(ending.durationNanos());
  }

  void used(Usage usage) {
    inputTokens.record(usage.inputTokens());
    outputTokens.record(usage.outputTokens());
    parts.add(TokenPart.CACHED_INPUT, usage.cachedInputTokens());
    parts.add(TokenPart.CACHE_WRITE_5M, usage.cacheWrite5mTokens());
    parts.add(TokenPart.CACHE_WRITE_1H, usage.cacheWrite1hTokens());
    parts.add(TokenPart.AUDIO_INPUT, usage.audioInputTokens());
    parts.add(TokenPart.REASONING, usage.reasoningTokens());
    parts.add(TokenPart.AUDIO_OUTPUT, usage.audioOutputTokens());
  }

  void charged(Charge charge) {
    charges.increment(stateOf(charge));
    picoDollars.add((double) charge.amount().picoDollars());
  }

  void firstPiece(long sinceStartNanos) {
    firstTokens.record(sinceStartNanos);
  }

  Counters<Outcome> outcomes() {
    return outcomes;
  }

  Counters<ErrorCode> faults() {
    return faults;
  }

  Counters<ChargeState> charges() {
    return charges;
  }

  Counters<TokenPart> parts() {
    return parts;
  }

  Histogram durations() {
    return durations;
  }

  Histogram firstTokens() {
    return firstTokens;
  }

  Histogram inputTokens() {
    return inputTokens;
  }

  Histogram outputTokens() {
    return outputTokens;
  }

  double credits() {
    return picoDollars.sum() / PICO_DOLLARS_PER_CREDIT;
  }

  private static ChargeState stateOf(Charge charge) {
    return switch (charge) {
      case Charge.Priced(_, _) -> ChargeState.PRICED;
      case Charge.Clamped(_, _) -> ChargeState.CLAMPED;
      case Charge.Overflowed(_) -> ChargeState.OVERFLOWED;
      case Charge.Unpriced() -> ChargeState.UNPRICED;
    };
  }
}
