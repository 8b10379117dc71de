package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.dialect.openai.OpenAiRequestReader;
import ai.oneflow.gateway.dialect.tokens.TokenCounter;
import ai.oneflow.gateway.exchange.accept.LoopPressure;
import ai.oneflow.gateway.exchange.authenticate.Authenticator;
import ai.oneflow.gateway.exchange.relay.UsageReaders;
import ai.oneflow.gateway.exchange.route.Router;
import ai.oneflow.gateway.upstream.UpstreamPool;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// What one event loop alone owns: its connections to providers, its readers, and its calls to
/// providers, whose deadlines it looks at together instead of keeping a timer for each.
final class Worker {
  private static final int SWEEPS_A_SECOND = 20;

  private final EventLoop loop;
  private final UpstreamPool pool;
  private final TokenCounter tokens;
  private final Authenticator authenticator = new Authenticator();
  private final Router router = new Router();
  private final SplittableRandom random = new SplittableRandom();
  private final Deque<OpenAiRequestReader> requestReaders = new ArrayDeque<>();
  private final UsageReaders usageReaders = new UsageReaders();
  private final KeptBytes kept = new KeptBytes(KeptBytes.MOST);
  private final List<ProviderExchange> attempting = new ArrayList<>();
  private final LoopPressure pressure;
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private int counting;
  private int sweeps;
  private boolean stopping;

  Worker(EventLoop loop, UpstreamPool pool, TokenCounter tokens, LoopPressure pressure) {
    this.loop = loop;
    this.pool = pool;
    this.tokens = tokens;
    this.pressure = pressure;
    sweepLater();
  }

  EventLoop loop() {
    return loop;
  }

  UpstreamPool pool() {
    return pool;
  }

  TokenCounter tokens() {
    return tokens;
  }

  Router router() {
    return router;
  }

  /// For what needs no secrecy.
  RandomGenerator random() {
    return random;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  OpenAiRequestReader takeRequestReader() {
    OpenAiRequestReader reader = requestReaders.pollLast();
    return reader == null ? new OpenAiRequestReader() : reader;
  }

  void giveBack(OpenAiRequestReader reader) {
    requestReaders.addLast(reader);
  }

  UsageReaders usageReaders() {
    return usageReaders;
  }

  /// An exchange waits for its provider from now on.
  void watch(ProviderExchange exchange) {
    exchange.watchedAt(attempting.size());
    attempting.add(exchange);
  }

  /// An exchange that was at this place waits no longer; the last one takes its place.
  void unwatch(int place) {
    ProviderExchange last = attempting.removeLast();
    if (place < attempting.size()) {
      attempting.set(place, last);
      last.watchedAt(place);
    }
  }

  /// A request is over, and is written down once its tokens are counted.
  void countingBegins() {
    counting++;
  }

  void countingEnded() {
    counting--;
    concludeIfStopped();
  }

  /// Nothing more is read for callers who left.
  ///
  /// @return done when nothing is counted any more
  CompletionStage<?> stop() {
    stopping = true;
    List.copyOf(attempting).forEach(ProviderExchange::stop);
    concludeIfStopped();
    return written;
  }

  private void concludeIfStopped() {
    if (stopping && counting == 0) {
      written.complete(null);
    }
  }

  boolean isStopping() {
    return stopping;
  }

  /// For bodies of which an answer has begun.
  KeptBytes kept() {
    return kept;
  }

  LoopPressure pressure() {
    return pressure;
  }

  /// After the last one and not at a fixed rate: a loop that is late would make up for it by
  /// several at once.
  private void sweepLater() {
    loop.schedule(this::sweep, LoopPressure.SWEEP_NANOS, TimeUnit.NANOSECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    if (++sweeps % SWEEPS_A_SECOND == 0) {
      attempting.forEach(exchange -> exchange.noteProgress(now));
    }
    for (ProviderExchange exchange : attempting.stream().filter(e -> e.overdue(now)).toList()) {
      exchange.timedOut(now);
    }
    pressure.turnBegins(now);
    loop.schedule(this::turned, 0, TimeUnit.NANOSECONDS);
  }

  /// What is due when a turn is nearly over comes at the end of the next.
  private void turned() {
    if (pressure.turnEnded(System.nanoTime())) {
      sweep();
    } else {
      sweepLater();
    }
  }
}
