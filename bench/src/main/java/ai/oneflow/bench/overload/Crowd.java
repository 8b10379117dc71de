package ai.oneflow.bench.overload;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The callers' connections: those that are free, used again from the last, and new ones when none
/// is, up to a bound. One event loop.
final class Crowd {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoop loop;
  private final InetSocketAddress gateway;
  private final ByteBuf request;
  private final int most;
  private final Deque<Caller> free = new ArrayDeque<>();
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private Consumer<Caller> next = free::push;
  private int open;

  private record Waiting(Caller caller, Arrival arrival) {}

  /// @param request unreleasable
  /// @param most connections at once
  Crowd(EventLoop loop, InetSocketAddress gateway, ByteBuf request, int most) {
    this.loop = loop;
    this.gateway = gateway;
    this.request = request;
    this.most = most;
  }

  int open() {
    return open;
  }

  /// Whether it could be sent.
  boolean ask(Arrival arrival) {
    Caller idle = idle();
    if (idle != null) {
      ask(idle, arrival);
    } else if (open < most) {
      Caller caller = new Caller(this, request, arrival);
      waiting.add(new Waiting(caller, arrival));
      connect(caller);
    } else {
      return false;
    }
    return true;
  }

  private @Nullable Caller idle() {
    Caller idle = free.poll();
    while (idle != null && idle.isGone()) {
      idle = free.poll();
    }
    return idle;
  }

  void ask(Caller caller, Arrival arrival) {
    waiting.add(new Waiting(caller, arrival));
    caller.ask(arrival);
  }

  /// As callers do who have waited for long enough.
  void giveUpOnLate() {
    long now = System.nanoTime();
    while (!waiting.isEmpty() && now - waiting.peek().arrival().dueNanos() > PATIENCE_NANOS) {
      Waiting oldest = waiting.remove();
      oldest.caller().giveUp(oldest.arrival());
    }
  }

  /// What a caller does with its connection once it has its answer; otherwise it is free.
  void then(Consumer<Caller> follow) {
    next = follow;
  }

  void rest() {
    next = free::push;
  }

  void free(Caller caller) {
    next.accept(caller);
  }

  void gone() {
    open--;
  }

  private void connect(Caller caller) {
    open++;
    var _ =
        new Bootstrap()
            .group(loop)
            .channel(EpollSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(caller);
                  }
                })
            .connect(gateway)
            .addListener(
                connected -> {
                  if (!connected.isSuccess()) {
                    caller.gone();
                  }
                });
  }
}
