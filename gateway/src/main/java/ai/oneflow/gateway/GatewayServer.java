package ai.oneflow.gateway;

import ai.oneflow.gateway.exchange.ExchangePipeline;
import ai.oneflow.gateway.exchange.accept.DownstreamPipeline;
import ai.oneflow.gateway.exchange.accept.InFlight;
import ai.oneflow.gateway.exchange.accept.Pressure;
import ai.oneflow.gateway.upstream.UpstreamPool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The port that callers use: one acceptor, a few event loops, and on each of them connections to
/// callers and to providers side by side.
public final class GatewayServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayServer.class);
  private static final int BACKLOG = 4096;
  private static final int WRITTEN_WITHIN_SECONDS = 3;

  /// Netty takes 16 connections, then serves all that ask, before it takes the next; with epoll
  /// even one alone, since it cannot tell whether there are more and so believes that there are
  /// none. Of a thousand that come at once the last would wait seconds while the first are served
  /// again and again.
  private static final int MOST_ACCEPTED_IN_A_ROW = 1024;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 << 10, 256 << 10);

  private final EventLoopGroup loops;
  private final Channel listener;
  private final ChannelGroup connections =
      new DefaultChannelGroup("callers", GlobalEventExecutor.INSTANCE);
  private final DnsAddressResolverGroup resolver;
  private volatile boolean windingDown;
  private final Map<EventLoop, InFlight.Factory> exchanges = new ConcurrentHashMap<>();

  private GatewayServer(Transport transport, int eventLoops, Listening listening)
      throws IOException {
    loops = transport.group(eventLoops);
    resolver =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder().datagramChannelType(transport.datagram()));
    ChannelFuture bound =
        bootstrap(transport, listening).bind(listening.address()).awaitUninterruptibly();
    listener = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw cannotListen(listening.address(), bound.cause());
    }
  }

  private ServerBootstrap bootstrap(Transport transport, Listening listening) {
    return new ServerBootstrap()
        .group(loops)
        .channel(transport.serverSocket())
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new ServerChannelRecvByteBufAllocator()
                .respectMaybeMoreData(false)
                .maxMessagesPerRead(MOST_ACCEPTED_IN_A_ROW))
        .handler(listening.pressure().acceptor())
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new DownstreamPipeline(
                loop ->
                    exchanges.computeIfAbsent(loop, own -> exchanges(own, transport, listening)),
                connections,
                () -> windingDown));
  }

  private InFlight.Factory exchanges(EventLoop loop, Transport transport, Listening listening) {
    return listening
        .pipeline()
        .on(
            loop,
            new UpstreamPool(loop, transport.socket(), resolver),
            listening.pressure().onLoop());
  }

  private static IOException cannotListen(InetSocketAddress address, Throwable cause) {
    return new IOException(
        "cannot listen for callers on " + address + ": " + cause.getMessage(), cause);
  }

  /// Where to listen, what serves, and how much of it.
  public record Listening(
      InetSocketAddress address, ExchangePipeline pipeline, Pressure pressure) {}

  /// Listens; the port is bound when this returns.
  ///
  /// @throws IOException where the address cannot be bound
  public static GatewayServer start(Transport transport, int eventLoops, Listening listening)
      throws IOException {
    return new GatewayServer(transport, eventLoops, listening);
  }

  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Lets every connection end with its next answer, new ones too.
  public void windDown() {
    windingDown = true;
    connections.forEach(DownstreamPipeline::windDown);
  }

  /// Stops accepting, lets every connection end after the answer that is on its way, and waits for
  /// that.
  ///
  /// @return whether all had ended in time
  public boolean drain(long deadlineMillis) {
    listener.close().syncUninterruptibly();
    connections.forEach(DownstreamPipeline::drain);
    return connections.newCloseFuture().awaitUninterruptibly(deadlineMillis);
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    exchanges.forEach(GatewayServer::stop);
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    resolver.close();
  }

  /// Waits for what is under way on a loop to be written down, but not for ever: the journal has it
  /// as begun, and the next process on it concludes it.
  private static void stop(EventLoop loop, InFlight.Factory exchanges) {
    if (!loop.isShuttingDown()) {
      try {
        CompletableFuture.supplyAsync(exchanges::stop, loop)
            .thenCompose(written -> written)
            .orTimeout(WRITTEN_WITHIN_SECONDS, TimeUnit.SECONDS)
            .join();
      } catch (CompletionException e) {
        LOG.warn("requests that were just over are not written down", e);
      }
    }
  }
}
