package ai.oneflow.bench.relay;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Relays HTTP/1.1 from one port to another on one epoll event loop: HttpServerCodec on this side,
/// HttpClientCodec on that, upstream connections pooled. No limit, no timeout, no pipelining, no
/// back pressure.
public final class BareRelay implements AutoCloseable {
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Channel listener;

  /// Listens before it returns.
  ///
  /// @param port 0: a free one
  public BareRelay(int port, int upstreamPort) {
    UpstreamPool pool =
        new UpstreamPool(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstreamPort));
    listener =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpServerCodec(), new Downstream(pool));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), port)
            .syncUninterruptibly()
            .channel();
  }

  public static void main(String[] args) throws InterruptedException {
    if (args.length != 2) {
      System.err.println("usage: BareRelay PORT UPSTREAM_PORT");
      System.exit(2);
    }
    try (BareRelay relay = new BareRelay(Integer.parseInt(args[0]), Integer.parseInt(args[1]))) {
      System.out.println("relay listening on " + relay.port());
      relay.listener.closeFuture().sync();
    }
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
