package ai.oneflow.gateway.upstream;

import ai.oneflow.gateway.socket.GatheredFlush;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The connections to providers of one event loop, so that a request never changes its thread. The
/// one used last is used next, and the others grow old and are closed.
public final class UpstreamPool {
  /// Below the keep-alive of common servers, so that we hang up before they do.
  private static final Duration MAX_IDLE = Duration.ofSeconds(30);

  private static final int MAX_HEAD_BYTES = 64 << 10;
  private static final int MAX_CHUNK_BYTES = 64 << 10;

  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Map<UpstreamEndpoint, Deque<UpstreamConnection>> idle = new HashMap<>();

  /// @param resolver one that does not block the event loop
  public UpstreamPool(
      EventLoop loop,
      Class<? extends Channel> channelType,
      AddressResolverGroup<InetSocketAddress> resolver) {
    this.loop = loop;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channelType)
            .resolver(resolver)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true);
    loop.scheduleAtFixedRate(
        this::closeOld, MAX_IDLE.toSeconds(), MAX_IDLE.toSeconds() / 2, TimeUnit.SECONDS);
  }

  /// Sends a request.
  ///
  /// @param request head and body in HTTP/1.1; belongs to the call from now on
  public UpstreamCall send(UpstreamEndpoint endpoint, ByteBuf request, UpstreamListener listener) {
    UpstreamCall call = new UpstreamCall(this, endpoint, request, listener);
    Deque<UpstreamConnection> connections = idle.get(endpoint);
    while (connections != null && !connections.isEmpty()) {
      UpstreamConnection connection = connections.removeLast();
      if (connection.isActive()) {
        call.connected(connection);
        return call;
      }
    }
    connect(call);
    return call;
  }

  void connect(UpstreamCall call) {
    UpstreamEndpoint endpoint = call.endpoint();
    ChannelFuture connect =
        bootstrap
            .clone()
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(endpoint.connect().toMillis()))
            .handler(new Pipeline(endpoint))
            .connect(endpoint.host(), endpoint.port());
    connect.addListener(_ -> connected(call, connect));
  }

  private void connected(UpstreamCall call, ChannelFuture connect) {
    if (!connect.isSuccess()) {
      call.failed(notConnected(connect.cause()));
      return;
    }
    SslHandler tls = connect.channel().pipeline().get(SslHandler.class);
    if (tls == null) {
      usable(call, connect.channel());
      return;
    }
    tls.handshakeFuture()
        .addListener(
            handshake -> {
              if (handshake.isSuccess()) {
                usable(call, connect.channel());
              } else {
                connect.channel().close();
                call.failed(
                    new UpstreamFault(
                        UpstreamFault.Kind.NOT_CONNECTED, "the TLS handshake with it failed"));
              }
            });
  }

  private static void usable(UpstreamCall call, Channel channel) {
    UpstreamConnection connection = channel.pipeline().get(UpstreamConnection.class);
    if (call.ended() || connection == null) {
      channel.close();
    } else {
      call.connected(connection);
    }
  }

  private static UpstreamFault notConnected(Throwable cause) {
    return cause instanceof ConnectTimeoutException
        ? new UpstreamFault(UpstreamFault.Kind.CONNECT_TIMEOUT, "no connection was made in time")
        : new UpstreamFault(UpstreamFault.Kind.NOT_CONNECTED, "no connection could be made");
  }

  void release(UpstreamConnection connection) {
    connection.idleSince(System.nanoTime());
    idle.computeIfAbsent(connection.endpoint(), _ -> new ArrayDeque<>()).addLast(connection);
  }

  void forget(UpstreamConnection connection) {
    Deque<UpstreamConnection> connections = idle.get(connection.endpoint());
    if (connections != null) {
      connections.remove(connection);
    }
  }

  private void closeOld() {
    long before = System.nanoTime() - MAX_IDLE.toNanos();
    Iterator<Deque<UpstreamConnection>> pools = idle.values().iterator();
    while (pools.hasNext()) {
      Deque<UpstreamConnection> connections = pools.next();
      while (!connections.isEmpty() && connections.getFirst().idleSinceNanos() - before < 0) {
        connections.removeFirst().close();
      }
      if (connections.isEmpty()) {
        pools.remove();
      }
    }
  }

  EventLoop loop() {
    return loop;
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final UpstreamEndpoint endpoint;

    Pipeline(UpstreamEndpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new GatheredFlush());
      if (endpoint.security() instanceof Security.Tls(var context)) {
        SslHandler tls = context.newHandler(channel.alloc(), endpoint.host(), endpoint.port());
        tls.setHandshakeTimeoutMillis(endpoint.connect().toMillis());
        channel.pipeline().addLast(tls);
      }
      // The decoder alone: requests are written as bytes, and none of them is a HEAD or a CONNECT.
      HttpDecoderConfig config =
          new HttpDecoderConfig()
              .setMaxHeaderSize(MAX_HEAD_BYTES)
              .setMaxChunkSize(MAX_CHUNK_BYTES)
              .setValidateHeaders(true);
      channel
          .pipeline()
          .addLast(new HttpResponseDecoder(config))
          .addLast(new UpstreamConnection(UpstreamPool.this, endpoint, channel));
    }
  }
}
