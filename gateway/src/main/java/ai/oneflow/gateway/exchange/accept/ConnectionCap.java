package ai.oneflow.gateway.exchange.accept;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the connections that a listener accepts, and accepts no more while there are as many as
/// may be: the next ones wait in the kernel, where they cost nothing, until one ends.
///
/// Stands in the listener's own pipeline, and so sees each connection before the next is accepted.
@Sharable
final class ConnectionCap extends ChannelInboundHandlerAdapter {
  private final int most;
  private final AtomicInteger open = new AtomicInteger();

  ConnectionCap(int most) {
    this.most = most;
  }

  int open() {
    return open.get();
  }

  /// No more can be accepted.
  boolean isReached() {
    return open.get() >= most;
  }

  @Override
  public void channelRead(ChannelHandlerContext listener, Object accepted) {
    Channel connection = (Channel) accepted;
    if (open.incrementAndGet() >= most) {
      listener.channel().config().setAutoRead(false);
    }
    connection.closeFuture().addListener(_ -> ended(listener));
    listener.fireChannelRead(accepted);
  }

  private void ended(ChannelHandlerContext listener) {
    if (open.getAndDecrement() == most && listener.channel().isOpen()) {
      listener.executor().execute(() -> goOn(listener));
    }
  }

  private void goOn(ChannelHandlerContext listener) {
    if (open.get() < most) {
      listener.channel().config().setAutoRead(true);
    }
  }
}
