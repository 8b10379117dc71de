package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.attempt.Deadline;
import ai.oneflow.gateway.exchange.attempt.UpstreamRequest;
import ai.oneflow.gateway.exchange.attempt.Verdict;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.relay.EventRelay;
import ai.oneflow.gateway.exchange.relay.JsonRelay;
import ai.oneflow.gateway.exchange.relay.Relay;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.upstream.UpstreamCall;
import ai.oneflow.gateway.upstream.UpstreamFault;
import ai.oneflow.gateway.upstream.UpstreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One attempt: attempt → relay → meter. Where the provider fails before the caller has a byte, the
/// [Attempts] decide what becomes of the request; otherwise it ends here, in exactly one usage
/// event that is recorded before the caller has the last byte.
final class ProviderExchange implements UpstreamListener {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int OK = 200;

  /// What the exchange waits for.
  private sealed interface Phase {
    /// For the head of the answer.
    record Attempting(HttpHeaders headers) implements Phase {}

    /// For the rest of it.
    record Relaying(int status, Relay relay) implements Phase {}

    /// For nothing, or for what it is to be charged.
    record Ended() implements Phase {}
  }

  private static final Phase ENDED = new Phase.Ended();

  private final ExchangePipeline pipeline;
  private final Worker worker;
  private final ServedRequest request;
  private final Attempt attempt;
  private Phase phase = ENDED;
  private @Nullable Deadline deadline;
  private @Nullable UpstreamCall call;
  private boolean firstByte;
  private boolean noted;
  private @Nullable ReadingOn readingOn;
  private int place = -1;

  ProviderExchange(
      ExchangePipeline pipeline, Worker worker, ServedRequest request, Attempt attempt) {
    this.pipeline = pipeline;
    this.worker = worker;
    this.request = request;
    this.attempt = attempt;
  }

  /// Calls the provider.
  ///
  /// @param credential its place in the target's pool
  /// @param headers of the answer, as far as they are known
  void call(CompiledTarget target, int credential, HttpHeaders headers) {
    deadline =
        new Deadline(
            target.provider().entry().timeouts(), asked().fields().stream(), System.nanoTime());
    phase = new Phase.Attempting(headers);
    worker.watch(this);
    ByteBuf bytes = UpstreamRequest.write(asked(), target, credential, ByteBufAllocator.DEFAULT);
    call = worker.pool().send(target.provider().endpoint(), bytes, this);
  }

  private ParsedRequest asked() {
    return request.asked().request();
  }

  @Override
  public void head(HttpResponse head) {
    if (!(phase instanceof Phase.Attempting(HttpHeaders headers))) {
      return;
    }
    switch (Verdict.of(head, asked(), System.currentTimeMillis())) {
      case Verdict.Failed(var error) -> fail(error);
      case Verdict.Refused(int status, var error) -> refuse(status, error, headers);
      case Verdict.Json(int status) -> {
        AnswerHeaders.provider(headers, head);
        phase =
            new Phase.Relaying(
                status,
                new JsonRelay(request.downstream(), status, headers, worker.usageReaders()));
      }
      case Verdict.Events() -> {
        AnswerHeaders.provider(headers, head);
        EventRelay.Reading reading = guess().reading(!asked().fields().usageRequested());
        phase = new Phase.Relaying(OK, new EventRelay(request.downstream(), headers, reading));
      }
    }
  }

  private void refuse(int status, GatewayError error, HttpHeaders headers) {
    if (readingOn == null) {
      pipeline.observer().refused(error.code());
    }
    cancelCall();
    conclude(
        Outcome.PROVIDER_REFUSED,
        told(status),
        Figures.NONE,
        _ -> request.downstream().error(status, error, headers));
  }

  @Override
  public void content(ByteBuf content) {
    if (!(phase instanceof Phase.Relaying(_, Relay relay))) {
      content.release();
      return;
    }
    long now = System.nanoTime();
    if (!firstByte) {
      firstByte = true;
      event().firstByte(now);
    }
    if (readingOn != null) {
      readingOn.read(content.readableBytes());
    }
    relay.content(content).ifPresent(this::fail);
    if (phase instanceof Phase.Relaying && relay.begun()) {
      Objects.requireNonNull(deadline).progress(now);
      attempt.trial().begun(now);
      attempt.attempts().decided();
    }
    progress();
    pauseUnlessWritable();
    if (readingOn != null && readingOn.isOver(now)) {
      cancel();
    }
  }

  /// Notes how far a stream has come, and ends one that is about to go further than was held for
  /// it.
  private void progress() {
    if (!(phase instanceof Phase.Relaying(_, EventRelay relay))) {
      return;
    }
    event().progress(guess().output(relay.written()));
    if (relay.isFull()) {
      cancelCall();
      conclude(
          Outcome.LIMIT_REACHED,
          told(OK),
          guess().withinHold(relay.usage(), relay.written()),
          _ -> relay.endWith(request.lengthReached()));
    }
  }

  /// The request ends with this attempt.
  ///
  /// @param last what the caller gets when the end is written down
  private void conclude(Outcome outcome, int status, Figures figures, Consumer<Charge> last) {
    Optional<Relay> answer =
        phase instanceof Phase.Relaying(_, Relay relay) ? Optional.of(relay) : Optional.empty();
    release();
    attempt.trial().ended(outcome);
    new Conclusion(outcome, status, figures, answer)
        .write(
            attempt,
            worker,
            charge -> {
              last.accept(charge);
              pipeline.finished(request.accepted(), status);
            });
  }

  /// Of a request that has run for a second.
  void noteProgress(long nowNanos) {
    if (nowNanos - request.accepted().startNanos() < LONG_NANOS) {
      return;
    }
    noted = true;
    long output =
        phase instanceof Phase.Relaying(_, Relay relay) ? guess().output(relay.written()) : 0;
    pipeline.underWay().note(event().underWay(output));
  }

  private OpenEvent event() {
    return attempt.event();
  }

  private Estimate guess() {
    return event().estimate();
  }

  private void pauseUnlessWritable() {
    if (!request.downstream().isWritable() && call != null) {
      call.setReading(false);
    }
  }

  void writable(boolean writable) {
    if (call != null && readingOn == null) {
      call.setReading(writable);
    }
  }

  @Override
  public void readComplete() {
    if (phase instanceof Phase.Relaying(_, Relay relay)) {
      relay.readComplete();
    }
  }

  @Override
  public void end() {
    if (phase instanceof Phase.Relaying(int status, Relay relay)) {
      Optional<GatewayError> missing = relay.conclude();
      if (missing.isPresent()) {
        fail(missing.get());
        return;
      }
      Outcome outcome = EndingFigures.outcome(status, relay);
      boolean left = outcome == Outcome.COMPLETED && readingOn != null;
      conclude(
          left ? Outcome.CALLER_GONE : outcome,
          told(status),
          event().figures().answered(outcome, relay),
          charge -> relay.complete(OpenEvent.credits(charge)));
    } else {
      fail(
          GatewayError.of(
              ErrorCode.PROVIDER_INVALID_RESPONSE, "The provider's answer had no head."));
    }
  }

  @Override
  public void failed(UpstreamFault fault) {
    fail(Verdict.error(fault));
  }

  boolean overdue(long nowNanos) {
    return (deadline != null && deadline.passed(nowNanos))
        || (readingOn != null && readingOn.isOver(nowNanos));
  }

  /// A provider is not at fault while its caller takes nothing, for then it is not read.
  void timedOut(long nowNanos) {
    if (!request.downstream().isWritable()) {
      cancel();
    } else if (deadline != null && deadline.passed(nowNanos)) {
      fail(deadline.error());
    } else {
      cancel();
    }
  }

  /// What the ledger says of the caller's status: nothing where nobody was there to be told.
  private int told(int status) {
    return readingOn == null ? status : 0;
  }

  /// The provider is at fault: there is no answer, or no more of it. Where the caller waits and has
  /// nothing of it, it need not know if another provider answers.
  private void fail(GatewayError error) {
    if (phase instanceof Phase.Attempting && readingOn == null) {
      lose(error, OutputSize.NONE);
    } else if (phase instanceof Phase.Relaying(_, Relay relay)
        && !relay.begun()
        && readingOn == null) {
      lose(error, relay.written());
      relay.release();
    } else {
      abandon(error);
    }
  }

  private void lose(GatewayError error, OutputSize written) {
    Figures billed = event().figures().billed(error, isSent(), written);
    cancelCall();
    release();
    attempt.attempts().failed(error, billed);
  }

  /// The request ends here without an answer, or without the rest of it.
  void abandon(GatewayError error) {
    Phase failed = phase;
    switch (failed) {
      case Phase.Ended() -> {}
      case Phase.Attempting(HttpHeaders headers) ->
          failedWith(error, Figures.NONE, () -> request.downstream().error(error, headers));
      case Phase.Relaying(_, Relay relay) ->
          failedWith(error, event().figures().passed(relay), () -> relay.fail(error));
    }
  }

  private void failedWith(GatewayError error, Figures figures, Runnable last) {
    boolean ours = error.code().source() != ErrorCode.Source.PROVIDER;
    if (!ours) {
      pipeline.observer().faulted(event().destination(), error.code());
    }
    if (readingOn == null) {
      pipeline.observer().refused(error.code());
    }
    cancelCall();
    conclude(
        ours ? Outcome.GATEWAY_FAILED : Outcome.PROVIDER_FAILED,
        told(error.code().status()),
        figures,
        _ -> last.run());
  }

  /// Gives the answer up; or reads the rest of it for the figures alone, where the policy says so
  /// and the rest can tell more.
  void callerGone() {
    if (readingOn != null) {
      return;
    }
    if (phase instanceof Phase.Ended) {
      request.downstream().leave();
    } else if (attempt.readsOn() && call != null && isSent() && isWell() && !worker.isStopping()) {
      readingOn = new ReadingOn(System.nanoTime());
      request.downstream().leave();
      call.setReading(true);
    } else {
      cancel();
    }
  }

  private boolean isWell() {
    return switch (phase) {
      case Phase.Ended() -> false;
      case Phase.Attempting(_) -> true;
      case Phase.Relaying(int status, Relay relay) ->
          EndingFigures.outcome(status, relay) == Outcome.COMPLETED;
    };
  }

  /// The process is about to end.
  void stop() {
    if (readingOn != null) {
      cancel();
    }
  }

  /// Gives the answer up for want of a caller.
  private void cancel() {
    switch (phase) {
      case Phase.Ended() -> {}
      case Phase.Attempting(_) ->
          cancelled(Outcome.CALLER_GONE, event().figures().unanswered(isSent()), () -> {});
      case Phase.Relaying(int status, Relay relay) -> {
        // Who has read that the provider failed has every reason to leave: that changes nothing.
        Outcome outcome = EndingFigures.outcome(status, relay);
        boolean well = outcome == Outcome.COMPLETED;
        cancelled(
            well ? Outcome.CALLER_GONE : outcome,
            event().figures().answered(outcome, relay),
            relay::release);
      }
    }
  }

  private void cancelled(Outcome outcome, Figures figures, Runnable last) {
    cancelCall();
    conclude(outcome, 0, figures, _ -> last.run());
    request.downstream().hangUp();
  }

  private boolean isSent() {
    return call != null && call.sent();
  }

  private void cancelCall() {
    if (call != null) {
      call.cancel();
    }
  }

  private void release() {
    phase = ENDED;
    worker.unwatch(place);
    if (noted) {
      pipeline.underWay().ended(event().id());
    }
  }

  void watchedAt(int index) {
    place = index;
  }
}
