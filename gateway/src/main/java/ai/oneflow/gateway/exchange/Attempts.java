package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.admit.Admission;
import ai.oneflow.gateway.exchange.admit.Admitter;
import ai.oneflow.gateway.exchange.attempt.Failures;
import ai.oneflow.gateway.exchange.attempt.RetryPlan;
import ai.oneflow.gateway.exchange.attempt.RetryPlan.Next;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.route.Asked;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.health.Bulkhead;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Spent;
import ai.oneflow.gateway.quota.Standing;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A request from where it is known what it asks for: route → admit → attempt, and admit → attempt
/// anew, for as long as providers fail and the caller has no byte of an answer. A
/// [ProviderExchange] is one attempt, and the one with an answer brings the request to its end. All
/// attempts are one usage event, which tells of the last.
///
/// Where no provider has room the request waits, and is admitted before: who is over a limit takes
/// nobody's place in a queue. Room that is free is taken before admission, so that nothing is held
/// for a target that cannot be called.
final class Attempts {

  /// What the request waits for.
  private sealed interface Phase {
    /// For what the limits say of a target.
    record Admitting(Next.To to) implements Phase {}

    /// For its turn at a provider that has no room, until the alarm.
    record Waiting(int place, Bulkhead.Waiter waiter, Future<?> alarm) implements Phase {}

    /// For a provider.
    record Calling(ProviderExchange provider) implements Phase {}

    /// For the time to try again.
    record Pausing(Future<?> alarm) implements Phase {}

    /// For nothing.
    record Ended() implements Phase {}
  }

  private static final Phase ENDED = new Phase.Ended();

  private final ExchangePipeline pipeline;
  private final Worker worker;
  private final ServedRequest request;
  private final Failures failures = new Failures();
  private final HeldBody body;
  private Phase phase = ENDED;
  private Routing.@Nullable Chosen chosen;
  private @Nullable RetryPlan plan;
  private @Nullable OpenEvent event;
  private Admission.@Nullable Denied denied;
  private Optional<Standing> standing = Optional.empty();

  /// What is taken of the limits; nothing between one target and the next that asks for more.
  private @Nullable Hold held;

  /// What is called now, and what it probably billed where it has failed.
  private int place;

  private @Nullable Trial trial;
  private Figures probably = Figures.NONE;
  private boolean degraded;

  Attempts(ExchangePipeline pipeline, Worker worker, ServedRequest request) {
    this.pipeline = pipeline;
    this.worker = worker;
    this.request = request;
    this.body =
        new HeldBody(
            request.asked().request().body(), worker.kept(), request.downstream()::bodyReleased);
  }

  void begin() {
    switch (route(request.asked())) {
      case Routing.Refused(var error) -> refuse(error, Downstream.headers());
      case Routing.Chosen routed -> {
        routed.route().retries().request();
        follow(routed);
      }
    }
  }

  private Routing route(Asked asked) {
    return worker.router().route(request.configuration(), asked);
  }

  private void follow(Routing.Chosen routed) {
    long now = System.nanoTime();
    chosen = routed;
    plan = new RetryPlan(routed, request.asked().request().fields().stream(), now, worker.random());
    go(plan.next(now));
  }

  private RetryPlan plan() {
    return Objects.requireNonNull(plan);
  }

  private void go(Next next) {
    switch (next) {
      case Next.To to -> admit(to);
      case Next.Pause(long nanos) ->
          phase =
              new Phase.Pausing(
                  worker.loop().schedule(this::pauseIsOver, nanos, TimeUnit.NANOSECONDS));
      case Next.Stop() -> giveUp();
    }
  }

  private void pauseIsOver() {
    if (phase instanceof Phase.Pausing) {
      go(plan().afterPause(System.nanoTime()));
    }
  }

  /// Takes what the call may use, unless what was taken for the last one is enough.
  private void admit(Next.To to) {
    CompiledTarget target = plan().target(to.place());
    if (denied != null && denied.bars(request.asked().key(), target)) {
      skip(to, denied);
      return;
    }
    phase = new Phase.Admitting(to);
    Admitter.Request wanted =
        new Admitter.Request(
            request.asked().key(),
            request.asked().request(),
            target,
            request.accepted().startMillis(),
            degraded);
    if (held != null && pipeline.admitter().isCovered(wanted, held)) {
      proceed(to, held);
      return;
    }
    giveBackHeld();
    pipeline.admitter().admit(wanted, worker.loop(), admission -> admitted(to, admission));
  }

  /// Without effect on what was settled with the event.
  private void giveBackHeld() {
    if (held != null) {
      pipeline.quotas().settle(held, Spent.NOTHING);
      if (event != null) {
        event.givenBack(held);
      }
      held = null;
    }
  }

  /// Where the caller has gone meanwhile, what was taken is given back.
  private void admitted(Next.To to, Admission admission) {
    if (!(phase instanceof Phase.Admitting)) {
      if (admission instanceof Admission.Granted(var hold, _, _)) {
        pipeline.quotas().settle(hold, Spent.NOTHING);
      }
      return;
    }
    switch (admission) {
      case Admission.Denied refusal -> skip(to, refusal);
      case Admission.Degraded cheaper -> {
        if (event == null) {
          plan().giveBack(to);
          degrade(cheaper);
        } else {
          skip(to, cheaper.otherwise());
        }
      }
      case Admission.Granted granted -> {
        standing = granted.standing();
        granted.shadowed().forEach(pipeline.observer()::shadowed);
        held = granted.hold();
        proceed(to, granted.hold());
      }
    }
  }

  /// The limits of one target are used up; another may have its own.
  private void skip(Next.To to, Admission.Denied refusal) {
    denied = refusal;
    plan().skipped(to);
    go(plan().next(System.nanoTime()));
  }

  private void proceed(Next.To to, Hold hold) {
    switch (to) {
      case Next.Call call -> call(call, hold);
      case Next.Wait(int awaited) -> await(awaited);
    }
  }

  private void await(int awaited) {
    Bulkhead.Waiter waiter =
        plan().target(awaited).provider().bulkhead().await(worker.loop(), this::reached);
    long now = System.nanoTime();
    if (waiter == null) {
      plan().crowded(awaited);
      go(plan().next(now));
    } else {
      long nanos = plan().patienceNanos(awaited, now);
      Future<?> alarm = worker.loop().schedule(this::outwaited, nanos, TimeUnit.NANOSECONDS);
      phase = new Phase.Waiting(awaited, waiter, alarm);
    }
  }

  private void reached() {
    if (phase instanceof Phase.Waiting(int awaited, _, var alarm)) {
      alarm.cancel(false);
      go(plan().reached(awaited, System.nanoTime()));
    }
  }

  private void outwaited() {
    if (phase instanceof Phase.Waiting(_, var waiter, _) && waiter.expire()) {
      plan().outwaited();
      go(plan().next(System.nanoTime()));
    }
  }

  /// Once: to the cheaper model that a spent budget leads to, which may be the very one that was
  /// asked for. Where the caller cannot have it the budget is a hard stop.
  private void degrade(Admission.Degraded to) {
    Asked asked = request.asked();
    Asked cheaper =
        new Asked(asked.key(), asked.request(), to.model(), asked.headers(), asked.startMillis());
    switch (route(cheaper)) {
      case Routing.Refused(_) ->
          refuse(to.otherwise().error(), AnswerHeaders.of(to.otherwise().standing()));
      case Routing.Chosen routed -> {
        degraded = true;
        follow(routed);
      }
    }
  }

  private void call(Next.Call next, Hold hold) {
    CompiledTarget target = plan().target(next.place());
    place = next.place();
    OpenEvent opened = event;
    if (opened == null) {
      opened = new OpenEvent(pipeline, request, target, hold);
      event = opened;
    } else {
      opened.redirect(target, failures.outcome(), probably, hold);
    }
    trial = new Trial(plan(), next, request.asked().request().fields().stream());
    ProviderExchange provider =
        new ProviderExchange(
            pipeline,
            worker,
            request,
            new Attempt(this, opened, trial, Objects.requireNonNull(chosen).readsOn()));
    phase = new Phase.Calling(provider);
    provider.call(target, next.credential(), headers(target));
  }

  private HttpHeaders headers(CompiledTarget target) {
    HttpHeaders headers = AnswerHeaders.of(standing);
    AnswerHeaders.route(headers, target, Objects.requireNonNull(chosen).strategy(), plan().calls());
    AnswerHeaders.degraded(headers, target, request.asked().model());
    return headers;
  }

  /// The provider that was called has failed, and the caller has nothing of an answer.
  ///
  /// @param billed what it probably bills all the same
  void failed(GatewayError error, Figures billed) {
    CompiledTarget target = plan().target(place);
    Objects.requireNonNull(trial).failed(error);
    plan().failed(place, error);
    pipeline.observer().faulted(Objects.requireNonNull(event).destination(), error.code());
    failures.add(target, error);
    probably = billed;
    go(plan().next(System.nanoTime()));
  }

  /// The caller has some of an answer: there will be no other.
  void decided() {
    body.sent(plan().target(place).tokens().tokenizer().isPresent());
  }

  /// To be released by the attempt with which the request ends.
  HeldBody body() {
    return body;
  }

  /// Nothing is left to try.
  private void giveUp() {
    if (event != null) {
      end(failures.outcome(), failures.error());
    } else if (denied != null && !plan().isOverloaded()) {
      refuse(denied.error(), AnswerHeaders.of(denied.standing()));
    } else {
      refuse(plan().refusal(request.asked().model()), Downstream.headers());
    }
  }

  /// Of a request that no provider was called with.
  private void refuse(GatewayError error, HttpHeaders headers) {
    over();
    giveBackHeld();
    tell(error, headers);
  }

  /// Of a request that a provider was called with, and has no answer.
  private void end(Outcome outcome, GatewayError error) {
    HttpHeaders headers = headers(plan().target(place));
    end(outcome, error.code().status(), () -> tell(error, headers));
  }

  private void end(Outcome outcome, int status, Runnable then) {
    over();
    OpenEvent ended = event;
    if (ended == null) {
      giveBackHeld();
      then.run();
      return;
    }
    ended.count(
        worker.loop(),
        () -> {
          ended.end(outcome, status, Figures.NONE);
          giveBackHeld();
          then.run();
        });
  }

  private void tell(GatewayError error, HttpHeaders headers) {
    pipeline.observer().refused(error.code());
    request.downstream().error(error, headers);
    pipeline.finished(request.accepted(), error.code().status());
  }

  private void over() {
    phase = ENDED;
    body.release();
  }

  void writable(boolean writable) {
    if (phase instanceof Phase.Calling(var provider)) {
      provider.writable(writable);
    }
  }

  /// The request cannot be taken to its end, by no fault of a provider.
  void abandon(GatewayError error) {
    switch (stopped()) {
      case Phase.Calling(var provider) -> provider.abandon(error);
      case Phase.Admitting(_), Phase.Waiting _, Phase.Pausing(_) -> {
        if (event == null) {
          refuse(error, Downstream.headers());
        } else {
          end(Outcome.GATEWAY_FAILED, error);
        }
      }
      case Phase.Ended() -> {}
    }
  }

  void callerGone() {
    switch (stopped()) {
      case Phase.Calling(var provider) -> provider.callerGone();
      case Phase.Admitting(_), Phase.Waiting _, Phase.Pausing(_) ->
          end(Outcome.CALLER_GONE, 0, this::left);
      case Phase.Ended() -> request.downstream().leave();
    }
  }

  private void left() {
    request.downstream().hangUp();
    pipeline.finished(request.accepted(), 0);
  }

  /// What it was about to do is not done any more.
  private Phase stopped() {
    switch (phase) {
      case Phase.Admitting(var to) -> plan().giveBack(to);
      case Phase.Waiting(_, var waiter, var alarm) -> {
        alarm.cancel(false);
        waiter.giveUp();
      }
      case Phase.Pausing(var alarm) -> alarm.cancel(false);
      case Phase.Calling(_), Phase.Ended() -> {}
    }
    return phase;
  }
}
