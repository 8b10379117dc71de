package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.meter.Meter;
import ai.oneflow.gateway.exchange.meter.Meter.Metered;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Ending;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.quota.Ask;
import ai.oneflow.gateway.quota.Binding;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Limit;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Taking;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/// The usage event of one request: from the note that its provider is about to be called, over
/// the other providers that are called in its place, to its end, when what was used takes the place
/// of what was held.
final class OpenEvent {
  private final ExchangePipeline pipeline;
  private final ServedRequest request;
  private final EventId id;
  private final List<FailedAttempt> failed = new ArrayList<>(0);
  private final Opened opened;
  private Metered metered;
  private Estimate estimate;
  private Hold hold;

  /// What was held was given back for a target that was not called in the end.
  private boolean unheld;

  /// Notes it.
  ///
  /// @param hold what was taken for it
  OpenEvent(ExchangePipeline pipeline, ServedRequest request, CompiledTarget target, Hold hold) {
    this.pipeline = pipeline;
    this.request = request;
    this.hold = hold;
    id = pipeline.meter().nextId(request.accepted().startMillis());
    metered = metered(target);
    estimate = new Estimate(target, parsed(), hold.ask());
    opened = pipeline.meter().open(metered, isStream(), estimate.input());
  }

  /// What was called before has failed, and another one is about to be called.
  ///
  /// @param outcome of what was called before
  /// @param probably what its provider may have billed
  /// @param taken what is held for the next one
  void redirect(CompiledTarget next, Outcome outcome, Figures probably, Hold taken) {
    long cost = Meter.price(metered, probably).amount().picoDollars();
    failed.add(new FailedAttempt(destination(), outcome, cost));
    hold = taken;
    unheld = false;
    metered = metered(next);
    estimate = new Estimate(next, parsed(), hold.ask());
    opened.redirect(Meter.opening(metered, isStream(), estimate.input()));
  }

  /// This was given back so that another target could be asked for.
  void givenBack(Hold other) {
    unheld |= other == hold;
  }

  /// Takes anew what was given back, if it was: the request has been made, and its limits are to
  /// count it. None refuses it any more, and it has nothing to use.
  ///
  /// @param loop where `then` runs if that is not done at once
  void count(Executor loop, Runnable then) {
    if (!unheld) {
      then.run();
      return;
    }
    List<Limit> limits =
        hold.ask().limits().stream().map(limit -> limit.bound(Binding.COUNT)).toList();
    pipeline
        .quotas()
        .take(
            new Ask(limits, 0, 0),
            loop,
            taking -> {
              if (taking instanceof Taking.Taken(var again, _, _)) {
                hold = again;
              }
              then.run();
            });
  }

  private Metered metered(CompiledTarget target) {
    return new Metered(
        id,
        request.asked().key().caller(),
        Objects.requireNonNull(target.ways().get(parsed().surface())),
        target.prices(),
        request.accepted().startMillis());
  }

  private ParsedRequest parsed() {
    return request.asked().request();
  }

  private boolean isStream() {
    return parsed().fields().stream();
  }

  EventId id() {
    return id;
  }

  Destination destination() {
    return metered.destination();
  }

  Estimate estimate() {
    return estimate;
  }

  /// What it is charged by.
  EndingFigures figures() {
    return new EndingFigures(estimate);
  }

  /// Notes how far the answer has come.
  void progress(long outputTokens) {
    opened.progress(outputTokens);
  }

  /// The same, for those who ask from outside.
  UnderWay.Progress underWay(long outputTokens) {
    return new UnderWay.Progress(
        hold, Meter.opening(metered, isStream(), estimate.input()), outputTokens);
  }

  /// The first of the answer's body is there.
  void firstByte(long nowNanos) {
    pipeline.observer().firstByte(destination(), nowNanos - request.accepted().startNanos());
  }

  /// Writes the end down, and counts it.
  Charge end(Outcome outcome, int status, Figures figures) {
    Ending ending =
        new Ending(
            outcome,
            status,
            isStream(),
            Math.max(0, System.nanoTime() - request.accepted().startNanos()));
    Charge charge = charge(figures, ending);
    pipeline.observer().metered(destination(), ending, figures, charge);
    return charge;
  }

  /// Into the ledger first, and then into the counters.
  private Charge charge(Figures figures, Ending ending) {
    long stamp = pipeline.underWay().open();
    try {
      Charge charge = pipeline.meter().end(opened, metered, figures, ending, failed);
      pipeline.settle(request.asked().key(), settled(spent(figures, charge)));
      return charge;
    } finally {
      pipeline.underWay().close(stamp);
    }
  }

  private Settled settled(Spent spent) {
    return new Settled(
        metered.caller(), destination(), id, request.accepted().startNanos(), hold, spent);
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
