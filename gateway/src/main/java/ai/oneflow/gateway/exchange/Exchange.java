package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.dialect.openai.OpenAiModels;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.AcceptedRequest;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.accept.Endpoint;
import ai.oneflow.gateway.exchange.accept.InFlight;
import ai.oneflow.gateway.exchange.admit.Admission;
import ai.oneflow.gateway.exchange.authenticate.Authentication;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import ai.oneflow.gateway.exchange.parse.RequestParser;
import ai.oneflow.gateway.exchange.parse.RequestParser.Parsing;
import ai.oneflow.gateway.exchange.route.Router;
import ai.oneflow.gateway.exchange.route.Routing;
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
      case Endpoint.Inference(var surface) -> {
        OpenAiRequestReader reader = worker.takeRequestReader();
        phase = new Phase.Receiving(key, new RequestParser(surface, reader), reader);
      }
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

  private List<String> modelsFor(CompiledKey key) {
    return configuration.models().stream().filter(key.models()::permit).toList();
  }

  @Override
  public void body(ByteBuf piece) {
    switch (phase) {
      case Phase.Receiving(_, RequestParser parser, _) ->
          parser.add(piece, ByteBufAllocator.DEFAULT);
      case Phase.Called(_), Phase.Answered() -> piece.release();
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

  /// Parsed → admit.
  private void parsed(CompiledKey key, ParsedRequest request) {
    Admission admission = pipeline.admitter().admit(key, request);
    HttpHeaders headers = AnswerHeaders.of(admission.standing());
    switch (admission) {
      case Admission.Denied(var error, _) -> {
        request.body().release();
        refuse(error, headers);
      }
      case Admission.Granted(_) -> admitted(key, request, headers);
    }
  }

  /// Admitted → route → attempt.
  private void admitted(CompiledKey key, ParsedRequest request, HttpHeaders headers) {
    switch (Router.route(configuration, request.fields().model(), accepted.startMillis())) {
      case Routing.Refused(var error) -> {
        request.body().release();
        refuse(error, headers);
      }
      case Routing.Chosen chosen -> {
        AnswerHeaders.route(headers, chosen);
        ProviderExchange provider =
            new ProviderExchange(
                pipeline, worker, new ProviderExchange.Context(accepted, downstream, key));
        phase = new Phase.Called(provider);
        provider.attempt(request, chosen, headers);
      }
    }
  }

  private void answer(byte[] json) {
    HttpHeaders headers =
        Downstream.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    downstream.answer(200, headers, Unpooled.wrappedBuffer(json));
    finished(200);
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
      case Phase.Called(var provider) -> provider.callerGone();
      case Phase.Answered() -> {}
    }
    phase = ANSWERED;
  }
}
