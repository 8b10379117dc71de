package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.dialect.Surface;
import ai.oneflow.gateway.dialect.openai.OpenAiModels;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.AcceptedRequest;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.accept.Endpoint;
import ai.oneflow.gateway.exchange.accept.InFlight;
import ai.oneflow.gateway.exchange.admit.Admission;
import ai.oneflow.gateway.exchange.admit.Admitter;
import ai.oneflow.gateway.exchange.authenticate.Authentication;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.parse.RequestParser;
import ai.oneflow.gateway.exchange.parse.RequestParser.Parsing;
import ai.oneflow.gateway.exchange.replay.Repetition;
import ai.oneflow.gateway.exchange.replay.Replayer;
import ai.oneflow.gateway.exchange.route.Asked;
import ai.oneflow.gateway.exchange.route.Explanation;
import ai.oneflow.gateway.exchange.route.Router;
import ai.oneflow.gateway.exchange.route.Routing;
import ai.oneflow.gateway.quota.Spent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/// One request on its way through the stages of [ExchangePipeline], up to the call of a provider;
/// from there a [ProviderExchange] brings it to its end. Lives on one event loop and on the
/// configuration it began with, and is answered exactly once.
final class Exchange implements InFlight {

  /// What the exchange waits for.
  private sealed interface Phase {
    /// For the rest of the body.
    record Receiving(CompiledKey key, RequestParser parser, OpenAiRequestReader reader)
        implements Phase {}

    /// For whether it was made before.
    record Claiming(CompiledKey key, ParsedRequest request) implements Phase {}

    /// For what its limits say.
    record Admitting(CompiledKey key, ParsedRequest request) implements Phase {}

    /// For where its limits stand.
    record Looking() implements Phase {}

    /// For the provider.
    record Called(ProviderExchange provider) implements Phase {}

    /// For nothing: it was answered. What is still to come of its body is thrown away.
    record Answered() implements Phase {}
  }

  private static final Phase ANSWERED = new Phase.Answered();

  private final ExchangePipeline pipeline;
  private final Worker worker;
  private final CompiledConfiguration configuration;
  private final AcceptedRequest accepted;
  private final Downstream downstream;
  private Phase phase = ANSWERED;

  Exchange(
      ExchangePipeline pipeline,
      Worker worker,
      CompiledConfiguration configuration,
      AcceptedRequest accepted,
      Downstream downstream) {
    this.pipeline = pipeline;
    this.worker = worker;
    this.configuration = configuration;
    this.accepted = accepted;
    this.downstream = downstream;
  }

  /// Accepted → authenticate.
  void begin() {
    pipeline.observer().started();
    switch (worker
        .authenticator()
        .authenticate(accepted.headers(), configuration.keys(), accepted.startMillis())) {
      case Authentication.Refused(var error) -> refuse(error, Downstream.headers());
      case Authentication.Known(var key) -> authenticated(key);
    }
  }

  /// Authenticated → parse, or an answer that needs no model.
  private void authenticated(CompiledKey key) {
    switch (accepted.endpoint()) {
      case Endpoint.Inference(var surface) -> receive(key, surface);
      case Endpoint.Estimate() -> receive(key, Surface.CHAT_COMPLETIONS);
      case Endpoint.GetUsage() -> look(key);
      case Endpoint.ListModels() -> answer(OpenAiModels.list(modelsFor(key)));
      case Endpoint.GetModel(String id) -> {
        if (configuration.routes().containsKey(id) && key.models().permit(id)) {
          answer(OpenAiModels.model(id));
        } else {
          refuse(Router.unknown(id), Downstream.headers());
        }
      }
      case Endpoint.WrongMethod(String allowed) -> {
        HttpHeaders headers = Downstream.headers().set(HttpHeaderNames.ALLOW, allowed);
        refuse(
            GatewayError.of(ErrorCode.METHOD_NOT_ALLOWED, "This path takes " + allowed + "."),
            headers);
      }
      case Endpoint.Unknown() ->
          refuse(
              GatewayError.of(ErrorCode.NOT_FOUND, "There is nothing at this path."),
              Downstream.headers());
    }
  }

  private void receive(CompiledKey key, Surface surface) {
    OpenAiRequestReader reader = worker.takeRequestReader();
    phase = new Phase.Receiving(key, new RequestParser(surface, reader), reader);
  }

  private List<String> modelsFor(CompiledKey key) {
    return configuration.models().stream().filter(key.models()::permit).toList();
  }

  private void look(CompiledKey key) {
    phase = new Phase.Looking();
    pipeline
        .quotas()
        .look(
            pipeline.admitter().withPrepaid(key, configuration.limitsOf(key)),
            worker.loop(),
            standings -> {
              if (phase instanceof Phase.Looking()) {
                phase = ANSWERED;
                answer(UsageAnswer.of(key.caller(), standings));
              }
            });
  }

  @Override
  public void body(ByteBuf piece) {
    switch (phase) {
      case Phase.Receiving(_, RequestParser parser, _) ->
          parser.add(piece, ByteBufAllocator.DEFAULT);
      case Phase.Claiming(_, _),
          Phase.Admitting(_, _),
          Phase.Looking(),
          Phase.Called(_),
          Phase.Answered() ->
          piece.release();
    }
  }

  @Override
  public void bodyComplete() {
    if (phase instanceof Phase.Receiving(CompiledKey key, RequestParser parser, var reader)) {
      phase = ANSWERED;
      Parsing parsing = parser.finish();
      worker.giveBack(reader);
      switch (parsing) {
        case Parsing.Refused(var error) -> {
          parser.release();
          refuse(error, Downstream.headers());
        }
        case Parsing.Parsed(var request) -> parsed(key, request);
      }
    }
  }

  private void parsed(CompiledKey key, ParsedRequest request) {
    if (accepted.endpoint() instanceof Endpoint.Estimate) {
      estimate(asked(key, request, request.fields().model()));
    } else if (pipeline.replayer().concerns(accepted.headers())) {
      claim(key, request);
    } else {
      route(key, request);
    }
  }

  /// Parsed → replay → route, for a request that its caller gave a name.
  private void claim(CompiledKey key, ParsedRequest request) {
    phase = new Phase.Claiming(key, request);
    pipeline
        .replayer()
        .look(new Replayer.Request(key, request, accepted.headers()), worker.loop(), this::claimed);
  }

  /// Where the caller has gone meanwhile, the name is free again.
  private void claimed(Repetition repetition) {
    if (!(phase instanceof Phase.Claiming(CompiledKey key, ParsedRequest request))) {
      if (repetition instanceof Repetition.First(var recorder)) {
        recorder.failed();
      }
      return;
    }
    phase = ANSWERED;
    pipeline.observer().repeated(repetition.result());
    switch (repetition) {
      case Repetition.Refused(var error) -> refuse(request, error, Downstream.headers());
      case Repetition.First(var recorder) -> {
        downstream.tap(recorder);
        route(key, request);
      }
      case Repetition.Again(var answer) -> {
        request.body().release();
        downstream.answer(
            answer.status(), AnswerHeaders.of(answer), Unpooled.wrappedBuffer(answer.body()));
        finished(answer.status());
      }
    }
  }

  private Asked asked(CompiledKey key, ParsedRequest request, String model) {
    return new Asked(key, request, model, accepted.headers(), accepted.startMillis());
  }

  /// Decides as for a request that is to be served, and says how it came to that.
  private void estimate(Asked asked) {
    Explanation explanation = worker.router().explain(configuration, asked);
    asked.request().body().release();
    if (explanation.decision() instanceof Explanation.Decision.Refused(var error)
        && explanation.rejected().isEmpty()) {
      refuse(error, Downstream.headers());
    } else {
      answer(EstimateAnswer.of(asked, explanation));
    }
  }

  /// Parsed → route → admit.
  private void route(CompiledKey key, ParsedRequest request) {
    switch (route(asked(key, request, request.fields().model()))) {
      case Routing.Refused(var error) -> refuse(request, error, Downstream.headers());
      case Routing.Chosen chosen -> admit(key, request, chosen, false);
    }
  }

  private Routing route(Asked asked) {
    return worker.router().route(configuration, asked);
  }

  /// Admitted → route → admit, once: to the cheaper model that a spent budget leads to, which may
  /// be the very one that was asked for. Where the caller cannot have it the budget is a hard stop.
  private void degrade(CompiledKey key, ParsedRequest request, Admission.Degraded to) {
    switch (route(asked(key, request, to.model()))) {
      case Routing.Refused(_) -> deny(request, to.otherwise());
      case Routing.Chosen cheaper -> admit(key, request, cheaper, true);
    }
  }

  private void deny(ParsedRequest request, Admission.Denied denied) {
    refuse(request, denied.error(), AnswerHeaders.of(denied.standing()));
  }

  private void admit(
      CompiledKey key, ParsedRequest request, Routing.Chosen chosen, boolean degraded) {
    phase = new Phase.Admitting(key, request);
    pipeline
        .admitter()
        .admit(
            new Admitter.Request(key, request, chosen, accepted.startMillis(), degraded),
            worker.loop(),
            admission -> admitted(chosen, admission));
  }

  /// Admitted → attempt. Where the caller has gone meanwhile, what was taken is given back.
  private void admitted(Routing.Chosen chosen, Admission admission) {
    if (!(phase instanceof Phase.Admitting(CompiledKey key, ParsedRequest request))) {
      if (admission instanceof Admission.Granted(var hold, _, _)) {
        pipeline.quotas().settle(hold, Spent.NOTHING);
      }
      return;
    }
    phase = ANSWERED;
    switch (admission) {
      case Admission.Denied denied -> deny(request, denied);
      case Admission.Degraded degraded -> degrade(key, request, degraded);
      case Admission.Granted granted -> attempt(key, request, chosen, granted);
    }
  }

  private void attempt(
      CompiledKey key, ParsedRequest request, Routing.Chosen chosen, Admission.Granted granted) {
    HttpHeaders headers = AnswerHeaders.of(granted.standing());
    AnswerHeaders.route(headers, chosen);
    if (!chosen.target().publicModel().equals(request.fields().model())) {
      AnswerHeaders.degraded(headers, request.fields().model());
    }
    granted.shadowed().forEach(pipeline.observer()::shadowed);
    ProviderExchange provider =
        new ProviderExchange(
            pipeline,
            worker,
            new ProviderExchange.Context(accepted, downstream, key, granted.hold()));
    phase = new Phase.Called(provider);
    provider.attempt(request, chosen, headers);
  }

  private void answer(byte[] json) {
    HttpHeaders headers =
        Downstream.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    downstream.answer(200, headers, Unpooled.wrappedBuffer(json));
    finished(200);
  }

  private void refuse(ParsedRequest request, GatewayError error, HttpHeaders headers) {
    request.body().release();
    refuse(error, headers);
  }

  private void refuse(GatewayError error, HttpHeaders headers) {
    pipeline.observer().refused(error.code());
    downstream.error(error, headers);
    finished(error.code().status());
  }

  private void finished(int status) {
    pipeline.finished(accepted, status);
  }

  @Override
  public void writable(boolean writable) {
    if (phase instanceof Phase.Called(var provider)) {
      provider.writable(writable);
    }
  }

  @Override
  public void refuse(GatewayError error) {
    switch (phase) {
      case Phase.Receiving(_, RequestParser parser, var reader) -> {
        phase = ANSWERED;
        parser.release();
        worker.giveBack(reader);
        refuse(error, Downstream.headers());
      }
      case Phase.Claiming(_, ParsedRequest request) -> {
        phase = ANSWERED;
        refuse(request, error, Downstream.headers());
      }
      case Phase.Admitting(_, ParsedRequest request) -> {
        phase = ANSWERED;
        refuse(request, error, Downstream.headers());
      }
      case Phase.Looking() -> {
        phase = ANSWERED;
        refuse(error, Downstream.headers());
      }
      case Phase.Called(var provider) -> provider.abandon(error);
      case Phase.Answered() -> {}
    }
  }

  @Override
  public void callerGone() {
    switch (phase) {
      case Phase.Receiving(_, RequestParser parser, var reader) -> {
        parser.release();
        worker.giveBack(reader);
        finished(0);
      }
      case Phase.Claiming(_, ParsedRequest request) -> {
        request.body().release();
        finished(0);
      }
      case Phase.Admitting(_, ParsedRequest request) -> {
        request.body().release();
        downstream.hangUp();
        finished(0);
      }
      case Phase.Looking() -> finished(0);
      case Phase.Called(var provider) -> provider.callerGone();
      case Phase.Answered() -> downstream.hangUp();
    }
    phase = ANSWERED;
  }
}
