package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.openai.OpenAiStreamEnd;
import ai.oneflow.gateway.dialect.openai.OpenAiUsageReader;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.AcceptedRequest;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.attempt.Deadline;
import ai.oneflow.gateway.exchange.attempt.UpstreamRequest;
import ai.oneflow.gateway.exchange.attempt.Verdict;
import ai.oneflow.gateway.exchange.meter.Charge;
import ai.oneflow.gateway.exchange.meter.Figures;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.relay.EventRelay;
import ai.oneflow.gateway.exchange.relay.JsonRelay;
import ai.oneflow.gateway.exchange.relay.Relay;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.quota.Hold;
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
import org.jspecify.annotations.Nullable;

/// The second half of an exchange: attempt → relay → meter. A provider has been called, so whatever
/// happens from here on ends in exactly one usage event, recorded before the caller has the last
/// byte.
final class ProviderExchange implements UpstreamListener {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int OK = 200;
  private static final int CLIENT_ERROR = 400;

  /// Whose request this is.
  ///
  /// @param hold what was taken for it
  record Context(AcceptedRequest accepted, Downstream downstream, CompiledKey key, Hold hold) {}

  /// What the exchange waits for.
  private sealed interface Phase {
    /// For the head of the answer.
    record Attempting(HttpHeaders headers) implements Phase {}

    /// For the rest of it.
    record Relaying(int status, Relay relay) implements Phase {}

    /// For nothing.
    record Ended() implements Phase {}
  }

  private static final Phase ENDED = new Phase.Ended();

  private final ExchangePipeline pipeline;
  private final Worker worker;
  private final Context context;
  private Phase phase = ENDED;
  private @Nullable ParsedRequest request;
  private @Nullable OpenEvent event;
  private @Nullable Deadline deadline;
  private @Nullable UpstreamCall call;
  private @Nullable OpenAiUsageReader reader;
  private boolean firstByte;
  private boolean noted;
  private boolean readsOn;
  private @Nullable ReadingOn readingOn;
  private int place = -1;

  ProviderExchange(ExchangePipeline pipeline, Worker worker, Context context) {
    this.pipeline = pipeline;
    this.worker = worker;
    this.context = context;
  }

  /// Calls the chosen provider.
  ///
  /// @param asked its body belongs to this from now on
  /// @param headers of the answer, as far as they are known
  void attempt(ParsedRequest asked, Routing.Chosen chosen, HttpHeaders headers) {
    CompiledTarget target = chosen.target();
    request = asked;
    event = new OpenEvent(pipeline, context, chosen, asked);
    readsOn = chosen.readsOn();
    deadline =
        new Deadline(
            target.provider().entry().timeouts(), asked.fields().stream(), System.nanoTime());
    phase = new Phase.Attempting(headers);
    worker.watch(this);
    ByteBuf bytes = UpstreamRequest.write(asked, target, ByteBufAllocator.DEFAULT);
    asked.body().release();
    call = worker.pool().send(target.provider().endpoint(), bytes, this);
  }

  @Override
  public void head(HttpResponse head) {
    if (!(phase instanceof Phase.Attempting(HttpHeaders headers))) {
      return;
    }
    ParsedRequest asked = Objects.requireNonNull(request);
    switch (Verdict.of(head, asked)) {
      case Verdict.Failed(var error) -> abandon(error);
      case Verdict.Json(int status) -> {
        AnswerHeaders.provider(headers, head);
        OpenAiUsageReader lent = worker.takeUsageReader();
        reader = lent;
        phase =
            new Phase.Relaying(status, new JsonRelay(context.downstream(), status, headers, lent));
      }
      case Verdict.Events() -> {
        AnswerHeaders.provider(headers, head);
        boolean hide = !asked.fields().usageRequested();
        phase = new Phase.Relaying(200, new EventRelay(context.downstream(), headers, hide));
      }
    }
  }

  @Override
  public void content(ByteBuf content) {
    if (!(phase instanceof Phase.Relaying(_, Relay relay))) {
      content.release();
      return;
    }
    long now = System.nanoTime();
    Objects.requireNonNull(deadline).progress(now);
    if (!firstByte) {
      firstByte = true;
      event().firstByte(now);
    }
    if (readingOn != null) {
      readingOn.read(content.readableBytes());
    }
    relay.content(content).ifPresent(this::abandon);
    progress();
    pauseUnlessWritable();
    if (readingOn != null && readingOn.isOver(now)) {
      cancel();
    }
  }

  /// Notes how far a stream has come, and ends one that has come further than was held for it.
  private void progress() {
    if (!(phase instanceof Phase.Relaying(_, EventRelay relay))) {
      return;
    }
    OutputSize written = relay.written();
    event().progress(guess().output(written));
    if (guess().isBeyondHold(written)) {
      event().end(Outcome.LIMIT_REACHED, told(OK), guess().orOfProvider(relay.usage(), written));
      cancelCall();
      release();
      ParsedRequest asked = Objects.requireNonNull(request);
      relay.endWith(
          OpenAiStreamEnd.lengthReached(
              asked.surface(),
              context.accepted().id(),
              asked.fields().model(),
              asked.fields().output().choices()));
      pipeline.finished(context.accepted(), told(OK));
    }
  }

  /// Of a request that has run for a second.
  void noteProgress(long nowNanos) {
    if (nowNanos - context.accepted().startNanos() < LONG_NANOS) {
      return;
    }
    noted = true;
    long output =
        phase instanceof Phase.Relaying(_, Relay relay) ? guess().output(relay.written()) : 0;
    pipeline.underWay().note(event().underWay(output));
  }

  private OpenEvent event() {
    return Objects.requireNonNull(event);
  }

  private Estimate guess() {
    return event().estimate();
  }

  private void pauseUnlessWritable() {
    if (!context.downstream().isWritable() && call != null) {
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
        abandon(missing.get());
        return;
      }
      Outcome outcome = outcome(status, relay);
      boolean left = outcome == Outcome.COMPLETED && readingOn != null;
      Charge charge =
          event().end(left ? Outcome.CALLER_GONE : outcome, told(status), answered(outcome, relay));
      release();
      relay.complete(OpenEvent.credits(charge));
      pipeline.finished(context.accepted(), told(status));
    } else {
      abandon(
          GatewayError.of(
              ErrorCode.PROVIDER_INVALID_RESPONSE, "The provider's answer had no head."));
    }
  }

  private static Outcome outcome(int status, Relay relay) {
    if (status >= CLIENT_ERROR) {
      return Outcome.PROVIDER_REFUSED;
    }
    return relay.carriesError() ? Outcome.PROVIDER_FAILED : Outcome.COMPLETED;
  }

  private Figures answered(Outcome outcome, Relay relay) {
    return outcome == Outcome.COMPLETED
        ? guess().orOfProvider(relay.usage(), relay.written())
        : passed(relay);
  }

  /// Of an answer that went wrong the caller pays for what it got.
  private Figures passed(Relay relay) {
    boolean nothing = relay.usage().isEmpty() && relay.passed().bytes() == 0;
    return nothing ? Figures.NONE : guess().orOfProvider(relay.usage(), relay.passed());
  }

  @Override
  public void failed(UpstreamFault fault) {
    abandon(Verdict.error(fault));
  }

  boolean overdue(long nowNanos) {
    return (deadline != null && deadline.passed(nowNanos))
        || (readingOn != null && readingOn.isOver(nowNanos));
  }

  /// A provider is not at fault while its caller takes nothing, for then it is not read.
  void timedOut(long nowNanos) {
    if (!context.downstream().isWritable()) {
      cancel();
    } else if (deadline != null && deadline.passed(nowNanos)) {
      abandon(deadline.error());
    } else {
      cancel();
    }
  }

  /// What the ledger says of the caller's status: nothing where nobody was there to be told.
  private int told(int status) {
    return readingOn == null ? status : 0;
  }

  /// There is no answer, or no more of it: gives the call up, records it, and tells the caller.
  void abandon(GatewayError error) {
    Phase failed = phase;
    switch (failed) {
      case Phase.Ended() -> {
        return;
      }
      case Phase.Attempting(HttpHeaders headers) -> {
        failedWith(error, Figures.NONE);
        context.downstream().error(error, headers);
      }
      case Phase.Relaying(_, Relay relay) -> {
        failedWith(error, passed(relay));
        relay.fail(error);
      }
    }
    if (readingOn == null) {
      pipeline.observer().refused(error.code());
    }
    pipeline.finished(context.accepted(), told(error.code().status()));
  }

  private void failedWith(GatewayError error, Figures figures) {
    boolean ours = error.code().source() == ErrorCode.Source.GATEWAY;
    event()
        .end(
            ours ? Outcome.GATEWAY_FAILED : Outcome.PROVIDER_FAILED,
            told(error.code().status()),
            figures);
    cancelCall();
    release();
  }

  /// Gives the answer up; or reads the rest of it for the figures alone, where the policy says so
  /// and the rest can tell more.
  void callerGone() {
    if (readingOn != null) {
      return;
    }
    if (readsOn && call != null && call.sent() && isWell() && !worker.isStopping()) {
      readingOn = new ReadingOn(System.nanoTime());
      context.downstream().leave();
      call.setReading(true);
    } else {
      cancel();
    }
  }

  private boolean isWell() {
    return switch (phase) {
      case Phase.Ended() -> false;
      case Phase.Attempting(_) -> true;
      case Phase.Relaying(int status, Relay relay) -> outcome(status, relay) == Outcome.COMPLETED;
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
      case Phase.Ended() -> {
        return;
      }
      case Phase.Attempting(_) -> event().end(Outcome.CALLER_GONE, 0, unanswered());
      case Phase.Relaying(int status, Relay relay) -> {
        leftInRelay(outcome(status, relay), relay);
        relay.release();
      }
    }
    cancelCall();
    release();
    context.downstream().hangUp();
    pipeline.finished(context.accepted(), 0);
  }

  /// Who has read that the provider failed has every reason to leave: that changes neither what it
  /// was nor what it costs.
  private void leftInRelay(Outcome otherwise, Relay relay) {
    if (otherwise == Outcome.COMPLETED) {
      event().end(Outcome.CALLER_GONE, 0, guess().orOfProvider(relay.usage(), relay.written()));
    } else {
      event().end(otherwise, 0, passed(relay));
    }
  }

  /// A provider that has the request bills its prompt.
  private Figures unanswered() {
    return call != null && call.sent() ? Figures.estimated(guess().input(), 0) : Figures.NONE;
  }

  private void cancelCall() {
    if (call != null) {
      call.cancel();
    }
  }

  private void release() {
    phase = ENDED;
    if (noted) {
      pipeline.underWay().ended(event().id());
    }
    worker.unwatch(place);
    if (reader != null) {
      worker.giveBack(reader);
      reader = null;
    }
  }

  void watchedAt(int index) {
    place = index;
  }
}
