package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.meter.Meter;
import ai.oneflow.gateway.exchange.meter.Meter.Metered;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.quota.Spent;
import java.util.Objects;
import java.util.Optional;

/// The usage event of one request: from the note that its provider is about to be called, to its
/// end, when what was used takes the place of what was held.
final class OpenEvent {
  private final ExchangePipeline pipeline;
  private final ProviderExchange.Context context;
  private final Metered metered;
  private final boolean stream;
  private final Estimate estimate;
  private final Opened opened;
  private final TargetHealth health;
  private final long beginNanos = System.nanoTime();

  /// Notes it.
  OpenEvent(
      ExchangePipeline pipeline,
      ProviderExchange.Context context,
      Routing.Chosen chosen,
      ParsedRequest asked) {
    this.pipeline = pipeline;
    this.context = context;
    CompiledTarget target = chosen.target();
    health = target.merits().health();
    metered =
        new Metered(
            pipeline.meter().nextId(),
            context.key().caller(),
            Objects.requireNonNull(target.ways().get(asked.surface())),
            target.prices(),
            context.accepted().startMillis());
    stream = asked.fields().stream();
    estimate = new Estimate(target, asked);
    opened = pipeline.meter().open(metered, stream, estimate.input());
  }

  EventId id() {
    return metered.id();
  }

  Destination destination() {
    return metered.destination();
  }

  Estimate estimate() {
    return estimate;
  }

  /// Notes how far the answer has come.
  void progress(long outputTokens) {
    opened.progress(outputTokens);
  }

  /// The same, for those who ask from outside.
  UnderWay.Progress underWay(long outputTokens) {
    return new UnderWay.Progress(
        context.hold(), Meter.opening(metered, stream, estimate.input()), outputTokens);
  }

  /// The first of the answer's body is there.
  void firstByte(long nowNanos) {
    pipeline.observer().firstByte(destination(), nowNanos - context.accepted().startNanos());
    if (stream) {
      health.answered(true, nowNanos - beginNanos, nowNanos);
    }
  }

  /// What the end says of the target. A refusal is an answer: the caller's fault is not the
  /// provider's.
  private void judge(Outcome outcome) {
    long now = System.nanoTime();
    switch (outcome) {
      case COMPLETED -> {
        if (!stream) {
          health.answered(false, now - beginNanos, now);
        }
      }
      case PROVIDER_FAILED -> health.failed(now);
      case LIMIT_REACHED, PROVIDER_REFUSED, CALLER_GONE, GATEWAY_FAILED -> {}
    }
  }

  /// Writes the end down, and counts it.
  Charge end(Outcome outcome, int status, Figures figures) {
    judge(outcome);
    Ending ending =
        new Ending(
            outcome,
            status,
            stream,
            Math.max(0, System.nanoTime() - context.accepted().startNanos()));
    Charge charge = charge(figures, ending);
    pipeline.observer().metered(destination(), ending, figures, charge);
    return charge;
  }

  /// Into the ledger first, and then into the counters.
  private Charge charge(Figures figures, Ending ending) {
    long stamp = pipeline.underWay().open();
    try {
      Charge charge = pipeline.meter().end(opened, metered, figures, ending);
      pipeline.settle(context.key(), context.hold(), spent(figures, charge));
      return charge;
    } finally {
      pipeline.underWay().close(stamp);
    }
  }

  /// As the caller is told; empty where nothing was priced.
  static Optional<String> credits(Charge charge) {
    return switch (charge) {
      case Charge.Priced(var amount, _) -> Optional.of(amount.toCredits());
      case Charge.Clamped(var amount, _) -> Optional.of(amount.toCredits());
      case Charge.Overflowed(_), Charge.Unpriced() -> Optional.empty();
    };
  }

  private static Spent spent(Figures figures, Charge charge) {
    return new Spent(1, figures.usage().totalTokens(), charge.amount().picoDollars());
  }
}
