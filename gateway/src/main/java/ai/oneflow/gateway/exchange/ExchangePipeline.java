package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.config.ActiveConfiguration;
import ai.oneflow.gateway.config.CompiledConfiguration;
import ai.oneflow.gateway.config.CompiledKey;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import ai.oneflow.gateway.exchange.accept.AcceptedRequest;
import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.exchange.accept.Endpoint;
import ai.oneflow.gateway.exchange.accept.InFlight;
import ai.oneflow.gateway.exchange.accept.LoopPressure;
import ai.oneflow.gateway.exchange.admit.Admitter;
import ai.oneflow.gateway.exchange.meter.Meter;
import ai.oneflow.gateway.exchange.replay.Replayer;
import ai.oneflow.gateway.quota.Credits;
import ai.oneflow.gateway.quota.Quotas;
import ai.oneflow.gateway.upstream.UpstreamPool;
import ai.oneflow.snapshot.EntryKey;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;

/// The request path: the one list of its stages, and what they share. [Exchange] runs them in this
/// order; each has a package of its name below this one.
public final class ExchangePipeline {

  /// The stages in order, each with the reason for its place.
  public enum Stage {
    /// Before all: what is no request cannot be judged.
    ACCEPT,
    /// On the head alone, so that a stranger's body is never kept.
    AUTHENTICATE,
    /// While the body arrives, so that a large one costs no time at its end.
    PARSE,
    /// After the body, which must be the same, and before all that takes or calls anything: an
    /// answer that is given again costs nothing.
    REPLAY,
    /// Before admission, since what a request may cost, and whose limits it falls under, depends on
    /// where it goes.
    ROUTE,
    /// Last before a provider is called: what is taken here comes back only with its usage.
    ADMIT,
    /// Once for each provider that is tried.
    ATTEMPT,
    /// After the last attempt: once the caller has a byte, there is no way back.
    RELAY,
    /// Last in any case, however the request ended, and before the caller has the last byte.
    METER
  }

  /// All stages, in order.
  public static final List<Stage> STAGES = List.of(Stage.values());

  private static final GatewayError NOT_READY =
      GatewayError.of(
          ErrorCode.GATEWAY_NOT_READY, "The gateway has not received its configuration yet.");
  private static final long MAX_BYTES_WITHOUT_CONFIGURATION = 10L << 20;

  private final ActiveConfiguration configuration;
  private final Replayer replayer;
  private final Admitter admitter;
  private final Quotas quotas;
  private final TokenCounter tokens;
  private final ObjLongConsumer<EntryKey> callers;
  private final Consumer<CompiledKey> spenders;
  private final Consumer<Settled> ends;
  private final UnderWay underWay;
  private final Meter meter;
  private final ExchangeObserver observer;

  /// What a request is admitted by.
  ///
  /// @param callers told of each key that a caller came with, and when, in milliseconds since 1970
  /// @param spenders told of each key that has spent something
  /// @param ends told of each request that is in the ledger and settled, before another can be
  ///     looked at [between][UnderWay#between]
  /// @param underWay where requests note how far they have come
  /// @param tokens counts prompts that do not fit by their bytes, and texts of which the provider
  ///     gives no figures
  public record Counting(
      Quotas quotas,
      Credits credits,
      BooleanSupplier ledgerAccepts,
      ObjLongConsumer<EntryKey> callers,
      Consumer<CompiledKey> spenders,
      Consumer<Settled> ends,
      UnderWay underWay,
      TokenCounter tokens) {}

  /// What the exchanges of all event loops share.
  public ExchangePipeline(
      ActiveConfiguration configuration,
      Replayer replayer,
      Counting counting,
      Meter meter,
      ExchangeObserver observer) {
    this.configuration = configuration;
    this.replayer = replayer;
    this.admitter =
        new Admitter(
            counting.ledgerAccepts(), counting.quotas(), counting.credits(), counting.tokens());
    this.quotas = counting.quotas();
    this.tokens = counting.tokens();
    this.callers = counting.callers();
    this.spenders = counting.spenders();
    this.ends = counting.ends();
    this.underWay = counting.underWay();
    this.meter = meter;
    this.observer = observer;
  }

  /// What serves the requests of one event loop; call once for each.
  public InFlight.Factory on(EventLoop loop, UpstreamPool pool, LoopPressure pressure) {
    return new Exchanges(new Worker(loop, pool, tokens, pressure));
  }

  Replayer replayer() {
    return replayer;
  }

  Admitter admitter() {
    return admitter;
  }

  Quotas quotas() {
    return quotas;
  }

  UnderWay underWay() {
    return underWay;
  }

  /// A caller came with a key.
  void came(CompiledKey key, AcceptedRequest request) {
    callers.accept(key.id(), request.startMillis());
  }

  /// Puts what a request used in the place of what it held.
  void settle(CompiledKey key, Settled settled) {
    quotas.settle(settled.hold(), settled.spent());
    ends.accept(settled);
    if (settled.spent().picoDollars() > 0) {
      spenders.accept(key);
    }
  }

  Meter meter() {
    return meter;
  }

  ExchangeObserver observer() {
    return observer;
  }

  /// A request is over, however it ended.
  void finished(AcceptedRequest request, int status) {
    String surface =
        switch (request.endpoint()) {
          case Endpoint.Inference(var asked) -> asked.label();
          case Endpoint.ListModels(), Endpoint.GetModel(_) -> "models";
          case Endpoint.GetUsage() -> "usage";
          case Endpoint.Estimate() -> "estimate";
          case Endpoint.WrongMethod(_), Endpoint.Unknown() -> "other";
        };
    observer.finished(surface, status, System.nanoTime() - request.startNanos());
  }

  private final class Exchanges implements InFlight.Factory {
    private final Worker worker;

    Exchanges(Worker worker) {
      this.worker = worker;
    }

    @Override
    public InFlight begin(AcceptedRequest request, Downstream downstream) {
      Optional<CompiledConfiguration> current = configuration.current();
      if (current.isEmpty()) {
        observer.started();
        observer.refused(NOT_READY.code());
        downstream.error(NOT_READY, Downstream.headers());
        finished(request, NOT_READY.code().status());
        return new Nothing();
      }
      Exchange exchange =
          new Exchange(ExchangePipeline.this, worker, current.get(), request, downstream);
      exchange.begin();
      return exchange;
    }

    @Override
    public long maxRequestBytes() {
      return configuration
          .current()
          .map(current -> current.gateway().maxRequestBytes())
          .orElse(MAX_BYTES_WITHOUT_CONFIGURATION);
    }

    @Override
    public LoopPressure pressure() {
      return worker.pressure();
    }

    @Override
    public void refused(ErrorCode code) {
      observer.refused(code);
    }

    @Override
    public CompletionStage<?> stop() {
      return worker.stop();
    }
  }

  /// A request that was answered on its head.
  private static final class Nothing implements InFlight {
    @Override
    public void body(ByteBuf piece) {
      piece.release();
    }

    @Override
    public void bodyComplete() {}

    @Override
    public void writable(boolean writable) {}

    @Override
    public void refuse(GatewayError error) {}

    @Override
    public void callerGone() {}
  }
}
