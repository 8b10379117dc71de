package ai.oneflow.bench.overload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/// Asks for some seconds, either as fast as answers come or at a rate that does not wait for them.
/// A request's time begins when it is due: what waits because the generator or the gateway is late
/// waits for its caller, too.
final class Load implements AutoCloseable {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int TICK_MICROS = 1_000;
  private static final int PATIENCE_MILLIS = 10;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final Crowd crowd;
  private final long boundMicros;
  private final DoubleSupplier residentMegabytes;

  /// What is asked, and of whom.
  ///
  /// @param request unreleasable
  /// @param mostConnections at once
  /// @param boundMillis a later answer is worth nothing
  record Asking(InetSocketAddress gateway, ByteBuf request, int mostConnections, int boundMillis) {}

  /// @param residentMegabytes of the gateway
  Load(Asking asking, DoubleSupplier residentMegabytes) {
    this.crowd = new Crowd(loop, asking.gateway(), asking.request(), asking.mostConnections());
    this.boundMicros = TimeUnit.MILLISECONDS.toMicros(asking.boundMillis());
    this.residentMegabytes = residentMegabytes;
    loop.scheduleAtFixedRate(
        crowd::giveUpOnLate, PATIENCE_MILLIS, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// One phase of a run: a tally for each of its seconds.
  private final class Phase {
    private final List<Tally> tallies = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private final double perSecond;
    private long due;

    Phase(int seconds, double perSecond) {
      this.perSecond = perSecond;
      for (int i = 0; i < seconds; i++) {
        tallies.add(new Tally(boundMicros));
      }
    }

    private Tally at(long nanos) {
      int second = (int) ((nanos - startNanos) / SECOND);
      return tallies.get(Math.min(second, tallies.size() - 1));
    }

    Arrival now() {
      long now = System.nanoTime();
      at(now).sent();
      return new Arrival(at(now), now);
    }

    /// Sends what has become due since the last time.
    void send() {
      double elapsed = (System.nanoTime() - startNanos) / (double) SECOND;
      long all = (long) (Math.min(elapsed, tallies.size()) * perSecond);
      while (due < all) {
        long dueNanos = startNanos + (long) (due++ / perSecond * SECOND);
        Tally tally = at(dueNanos);
        tally.behind(System.nanoTime() - dueNanos);
        if (crowd.ask(new Arrival(tally, dueNanos))) {
          tally.sent();
        } else {
          tally.unsent();
        }
      }
    }
  }

  /// So many connections, each asking again when it is answered.
  List<Second> closed(int connections, int seconds) throws InterruptedException {
    Phase phase = new Phase(seconds, 0);
    var _ =
        loop.submit(
            () -> {
              crowd.then(caller -> crowd.ask(caller, phase.now()));
              for (int i = 0; i < connections; i++) {
                crowd.ask(phase.now());
              }
            });
    watch(phase);
    var _ = loop.submit(crowd::rest).sync();
    TimeUnit.MILLISECONDS.sleep(500);
    return seconds(phase);
  }

  /// So many requests a second. The seconds are to be looked at when all have ended.
  Later open(double perSecond, int seconds) throws InterruptedException {
    Phase phase = new Phase(seconds, perSecond);
    Future<?> ticks = loop.scheduleAtFixedRate(phase::send, 0, TICK_MICROS, TimeUnit.MICROSECONDS);
    watch(phase);
    ticks.cancel(false);
    var _ = loop.submit(phase::send).sync();
    return () -> seconds(phase);
  }

  /// What a phase came to, at the time of the call.
  interface Later {
    List<Second> seconds();
  }

  int connections() {
    return loop.submit(crowd::open).syncUninterruptibly().getNow();
  }

  private void watch(Phase phase) throws InterruptedException {
    for (int i = 1; i <= phase.tallies.size(); i++) {
      long left = phase.startNanos + i * SECOND - System.nanoTime();
      TimeUnit.NANOSECONDS.sleep(left);
      double megabytes = residentMegabytes.getAsDouble();
      Tally tally = phase.tallies.get(i - 1);
      loop.execute(() -> tally.resident(megabytes));
    }
  }

  private List<Second> seconds(Phase phase) {
    return loop.submit(() -> phase.tallies.stream().map(Tally::second).toList())
        .syncUninterruptibly()
        .getNow();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
