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
import ai.oneflow.gateway.exchange.authenticate.Authentication;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.parse.RequestParser;
import ai.oneflow.gateway.exchange.parse.RequestParser.Parsing;
import ai.oneflow.gateway.exchange.replay.Repetition;
import ai.oneflow.gateway.exchange.replay.Replayer;
import ai.oneflow.gateway.exchange.route.Asked;
import ai.oneflow.gateway.exchange.route.Explanation;
import ai.oneflow.gateway.exchange.route.Router;
import ai.oneflow.gateway.quota.Limit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/// One request on its way through the stages of [ExchangePipeline], up to where it is known what it
/// asks for; from there its [Attempts] bring it to its end. Lives on one event loop and on the
/// configuration it began with, and is answered exactly once.
final class Exchange implements InFlight {

  /// What the exchange waits for.
  private sealed interface Phase {
    /// For the rest of the body.
    record Receiving(CompiledKey key, RequestParser parser, OpenAiRequestReader reader)
        implements Phase {}

    /// For whether it was made before.
    record Claiming(Asked asked) implements Phase {}

    /// For where its limits stand.
    record Looking() implements Phase {}

    /// For what becomes of it: it answers by itself.
    record Served(Attempts attempts) implements Phase {}

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
    pipeline.came(key, accepted);
    switch (accepted.endpoint()) {
      case Endpoint.Inference(var surface) -> receive(key, surface);
      case Endpoint.Estimate() -> receive(key, Surface.CHAT_COMPLETIONS);
      case Endpoint.GetUsage() -> look(key);
      case Endpoint.ListModels() -> answer(OpenAiModels.list(modelsFor(key)));
      case Endpoint.GetModel(String id) -> {
        if (key.models().permit(id) && configuration.route(key, id).isPresent()) {
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
    List<Limit> limits = pipeline.admitter().withPrepaid(key, configuration.limitsOf(key));
    pipeline
        .quotas()
        .look(
            limits,
            worker.loop(),
            standings -> {
              if (phase instanceof Phase.Looking()) {
                phase = ANSWERED;
                answer(UsageAnswer.of(key.caller(), limits, standings));
              }
            });
  }

  @Override
  public void body(ByteBuf piece) {
    switch (phase) {
      case Phase.Receiving(_, RequestParser parser, _) ->
          parser.add(piece, ByteBufAllocator.DEFAULT);
      case Phase.Claiming(_), Phase.Looking(), Phase.Served(_), Phase.Answered() -> piece.release();
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
    Asked asked =
        new Asked(
            key, request, request.fields().model(), accepted.headers(), accepted.startMillis());
    if (accepted.endpoint() instanceof Endpoint.Estimate) {
      estimate(asked);
    } else if (pipeline.replayer().concerns(accepted.headers())) {
      claim(asked);
    } else {
      serve(asked);
    }
  }

  /// Parsed → replay → route, for a request that its caller gave a name.
  private void claim(Asked asked) {
    phase = new Phase.Claiming(asked);
    pipeline
        .replayer()
        .look(
            new Replayer.Request(asked.key(), asked.request(), asked.headers()),
            worker.loop(),
            this::claimed);
  }

  /// Where the caller has gone meanwhile, the name is free again.
  private void claimed(Repetition repetition) {
    if (!(phase instanceof Phase.Claiming(Asked asked))) {
      if (repetition instanceof Repetition.First(var recorder)) {
        recorder.failed();
      }
      return;
    }
    phase = ANSWERED;
    pipeline.observer().repeated(repetition.result());
    switch (repetition) {
      case Repetition.Refused(var error) -> refuse(asked.request(), error);
      case Repetition.First(var recorder) -> {
        downstream.tap(recorder);
        serve(asked);
      }
      case Repetition.Again(var answer) -> {
        asked.request().body().release();
        downstream.answer(
            answer.status(), AnswerHeaders.of(answer), Unpooled.wrappedBuffer(answer.body()));
        finished(answer.status());
      }
    }
  }

  /// Parsed → route.
  private void serve(Asked asked) {
    Attempts attempts =
        new Attempts(
            pipeline, worker, new ServedRequest(configuration, accepted, downstream, asked));
    phase = new Phase.Served(attempts);
    attempts.begin();
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

  private void answer(byte[] json) {
    HttpHeaders headers =
        Downstream.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    downstream.answer(200, headers, Unpooled.wrappedBuffer(json));
    finished(200);
  }

  private void refuse(ParsedRequest request, GatewayError error) {
    request.body().release();
    refuse(error, Downstream.headers());
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
    if (phase instanceof Phase.Served(var attempts)) {
      attempts.writable(writable);
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
      case Phase.Claiming(Asked asked) -> {
        phase = ANSWERED;
        refuse(asked.request(), error);
      }
      case Phase.Looking() -> {
        phase = ANSWERED;
        refuse(error, Downstream.headers());
      }
      case Phase.Served(var attempts) -> attempts.abandon(error);
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
      case Phase.Claiming(Asked asked) -> {
        asked.request().body().release();
        finished(0);
      }
      case Phase.Looking() -> finished(0);
      case Phase.Served(var attempts) -> attempts.callerGone();
      case Phase.Answered() -> downstream.hangUp();
    }
    if (!(phase instanceof Phase.Served)) {
      downstream.bodyReleased();
    }
    phase = ANSWERED;
  }
}
