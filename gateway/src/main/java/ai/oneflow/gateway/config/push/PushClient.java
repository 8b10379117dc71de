package ai.oneflow.gateway.config.push;

import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.health.HealthBook;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.ReceivedPush;
import ai.oneflow.snapshot.SnapshotVersion;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a stream to the operator open, for ever: whatever ends it, the gateway goes on serving by
/// its last snapshot and connects again after a [Backoff].
///
/// It owns three things, and the request path none of them: a thread that connects, a thread that
/// compiles and answers, and an event loop.
public final class PushClient implements AutoCloseable {
  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
  private static final Duration FALL_BACK_AFTER = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN_EVERY = Duration.ofSeconds(1);
  private static final Logger LOG = LoggerFactory.getLogger(PushClient.class);

  private final OperatorAddress operator;
  private final Self self;
  private final Running running;
  private final Reports reports;
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
  private final EventLoopGroup loops = Channels.loop();
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("push-answer").daemon().factory());
  private final Thread connector;
  private volatile Optional<Thread> fallback = Optional.empty();

  /// Does nothing before [#start].
  public PushClient(OperatorAddress operator, Self self, SnapshotSink sink) {
    this(operator, self, sink, Reports.of(new SpendReports(), new UseReports(), new HealthBook()));
  }

  /// One that tells the operator of spending and breakers as well.
  public PushClient(OperatorAddress operator, Self self, SnapshotSink sink, Reports reports) {
    this.operator = operator;
    this.self = self;
    this.running = new Running(sink);
    this.reports = reports;
    this.connector = Thread.ofVirtual().name("push-connect").unstarted(this::connectForEver);
  }

  public void start() {
    connector.start();
  }

  /// Starts, and serves by what was kept where no operator says in time what to serve by.
  public void start(KeptSnapshots kept) {
    start();
    fallback =
        Optional.of(Thread.ofVirtual().name("kept-snapshot").start(() -> fallBackUnlessTold(kept)));
  }

  /// What is in force; empty until the first snapshot was accepted. Any thread may ask.
  public Optional<SnapshotVersion> running() {
    return running.version();
  }

  /// An operator that is there is waited for, since what it says is newer. Files may still come.
  private void fallBackUnlessTold(KeptSnapshots kept) {
    try {
      for (Duration wait = FALL_BACK_AFTER; ; wait = LOOK_AGAIN_EVERY) {
        Thread.sleep(wait);
        if (running.version().isPresent() || answers.submit(() -> fallBack(kept)).get()) {
          return;
        }
      }
    } catch (InterruptedException | RejectedExecutionException _) {
      LOG.debug("the push client was closed");
    } catch (ExecutionException e) {
      LOG.error("kept snapshots cannot be used", e);
    }
  }

  private boolean fallBack(KeptSnapshots kept) {
    return running.version().isPresent() || kept.complete().stream().anyMatch(running::restore);
  }

  private void connectForEver() {
    try {
      while (true) {
        long began = System.nanoTime();
        connectOnce();
        Thread.sleep(backoff.next(Duration.ofNanos(System.nanoTime() - began)));
        finishAnswers();
      }
    } catch (InterruptedException _) {
      LOG.debug("the push client was closed");
    }
  }

  private void connectOnce() throws InterruptedException {
    try (Connection connection = Connection.open(operator, loops, answers, new Conversation())) {
      Status end = reportUntilTheEnd(connection);
      LOG.warn(
          "the stream from operator {}:{} ended, {}: {}",
          operator.host(),
          operator.port(),
          end.getCode(),
          reason(end));
    } catch (IOException | RuntimeException e) {
      // Whatever it is, it may pass; a thread that ended would never connect again.
      LOG.error("cannot connect to the operator: {}", e.toString());
    }
  }

  private Status reportUntilTheEnd(Connection connection) throws InterruptedException {
    reports.connected();
    Optional<Status> end = connection.awaitEnd(REPORT_EVERY);
    while (end.isEmpty()) {
      if (connection.takesMore()) {
        reports.take(connection::takes).forEach(connection::say);
      }
      end = connection.awaitEnd(REPORT_EVERY);
    }
    return end.get();
  }

  /// The next hello must name what is in force, so nothing of the last stream may still be
  /// compiled.
  private void finishAnswers() throws InterruptedException {
    CountDownLatch idle = new CountDownLatch(1);
    answers.execute(idle::countDown);
    idle.await();
  }

  private static String reason(Status end) {
    return end.getDescription() + (end.getCause() == null ? "" : ", " + end.getCause());
  }

  /// Ends the stream and waits until no snapshot is being compiled any more. What is in force
  /// stays.
  @Override
  public void close() {
    connector.interrupt();
    fallback.ifPresent(Thread::interrupt);
    try {
      connector.join();
      if (fallback.isPresent()) {
        fallback.get().join();
      }
      answers.shutdown();
      answers.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }

  private final class Conversation implements Connection.Conversation {
    @Override
    public FromGateway greeting() {
      return running.greeting(self);
    }

    @Override
    public FromGateway answer(ReceivedPush push) {
      return running.answer(push);
    }
  }
}
