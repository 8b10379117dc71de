package ai.oneflow.gateway.config.push;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Opens gRPC channels over the gateway's Netty: epoll where it is there, NIO otherwise.
final class Channels {
  /// gRPC probes no more often than every ten seconds.
  private static final int PROBE_AFTER_SECONDS = 10;

  private static final int PROBE_TIMEOUT_SECONDS = 3;

  /// A snapshot of tens of thousands of resources, whole.
  private static final int MAX_MESSAGE_BYTES = 256 << 20;

  private Channels() {}

  /// A loop of its own, so that decrypting a large snapshot holds up no caller's request.
  static EventLoopGroup loop() {
    return new MultiThreadIoEventLoopGroup(
        1,
        new DefaultThreadFactory("push-loop", true),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  static ManagedChannel to(OperatorAddress operator, EventLoopGroup loops, Executor executor)
      throws IOException {
    return NettyChannelBuilder.forAddress(operator.host(), operator.port())
        .sslContext(tls(operator))
        .eventLoopGroup(loops)
        .channelType(socketType())
        .executor(executor)
        .keepAliveTime(PROBE_AFTER_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PROBE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        // The client reconnects by itself, with tokens that are read anew.
        .disableRetry()
        .build();
  }

  private static Class<? extends Channel> socketType() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  private static SslContext tls(OperatorAddress operator) throws IOException {
    if (Files.size(operator.caFile()) == 0) {
      throw new IOException(operator.caFile() + " is empty");
    }
    try {
      return GrpcSslContexts.forClient()
          .protocols("TLSv1.3")
          .trustManager(operator.caFile().toFile())
          .build();
    } catch (IllegalArgumentException e) {
      throw new IOException(operator.caFile() + " holds no certificate in PEM", e);
    }
  }
}
