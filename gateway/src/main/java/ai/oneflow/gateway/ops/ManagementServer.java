package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.telemetry.Scrape;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The management port: `/metrics`, the probes, and the pages about the ledger, over HTTP/1.1. It
/// has one thread of its own, so that a scrape delays no caller, and a gateway that is busy still
/// answers its probes.
public final class ManagementServer implements AutoCloseable {
  private static final int MOST_BODY_BYTES = 8 << 10;
  private static final int IDLE_SECONDS = 120;
  private static final long QUIET_MILLIS = 0;
  private static final long CLOSE_WITHIN_MILLIS = 2_000;

  private final EventLoopGroup group;
  private final Channel listener;

  private ManagementServer(EventLoopGroup group, Channel listener) {
    this.group = group;
    this.listener = listener;
  }

  /// Listens; port 0 takes a free one.
  ///
  /// @throws IOException where the address cannot be bound
  public static ManagementServer start(
      InetSocketAddress address, Readiness readiness, Scrape scrape, LedgerDatabase ledger)
      throws IOException {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("management", true), NioIoHandler.newFactory());
    ManagementHandler handler =
        new ManagementHandler(
            new ManagementPages(readiness, scrape),
            new LedgerPages(ledger, InstantSource.system()));
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(new Pipeline(handler))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      group.shutdownGracefully(QUIET_MILLIS, CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
      throw new IOException(
          "cannot listen for probes on " + address + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return new ManagementServer(group, bound.channel());
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    group
        .shutdownGracefully(QUIET_MILLIS, CLOSE_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly();
  }

  /// Probes are small: a body is read to be thrown away, and an idle connection is closed.
  private static final class Pipeline extends ChannelInitializer<SocketChannel> {
    private final ManagementHandler handler;

    Pipeline(ManagementHandler handler) {
      this.handler = handler;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel
          .pipeline()
          .addLast(new ReadTimeoutHandler(IDLE_SECONDS))
          .addLast(new HttpServerCodec())
          .addLast(new HttpServerKeepAliveHandler())
          .addLast(new HttpObjectAggregator(MOST_BODY_BYTES))
          .addLast(new FlowControlHandler())
          .addLast(handler);
    }
  }
}
