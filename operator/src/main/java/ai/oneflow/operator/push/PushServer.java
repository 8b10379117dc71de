package ai.oneflow.operator.push;

import ai.oneflow.snapshot.EncodedPush;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.PushService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Serves [PushService] over TLS to gateways that prove who they are.
///
/// A gateway that vanishes without closing its connection is noticed within [#KEEPALIVE] and
/// [#KEEPALIVE_TIMEOUT] together.
public final class PushServer implements AutoCloseable {
  private static final Duration KEEPALIVE = Duration.ofSeconds(5);
  private static final Duration KEEPALIVE_TIMEOUT = Duration.ofSeconds(3);

  /// Gateways may probe as often as this.
  private static final Duration PERMITTED_PROBES = Duration.ofSeconds(2);

  /// A hello, an ack, or a nack that lists what is wrong.
  private static final int MAX_MESSAGE_BYTES = 1 << 20;

  /// How long streams may take to end.
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final ServerIdentity identity;
  private final String authority;
  private final Fleet fleet;
  private final TokenWatch watch;
  private final Server server;

  private PushServer(InetSocketAddress address, PushTls tls, TokenReview review, Fleet fleet) {
    this.identity = new ServerIdentity(tls);
    this.authority = Pem.ofCertificate(tls.authority().certificate());
    this.fleet = fleet;
    this.watch = new TokenWatch(fleet, review, Clock.systemUTC());
    this.server =
        NettyServerBuilder.forAddress(address)
            .sslContext(identity.context())
            .executor(calls)
            .keepAliveTime(KEEPALIVE.toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEPALIVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(PERMITTED_PROBES.toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            // The last that is added comes first.
            .intercept(new Introduction())
            .intercept(new BearerInterceptor(review))
            .addService(service(fleet))
            .build();
  }

  /// Binds and serves.
  ///
  /// @throws IOException where the address cannot be bound
  public static PushServer start(
      InetSocketAddress address, PushTls tls, TokenReview review, Fleet fleet) throws IOException {
    PushServer push = new PushServer(address, tls, review, fleet);
    push.server.start();
    push.watch.start();
    return push;
  }

  private static ServerServiceDefinition service(Fleet fleet) {
    return ServerServiceDefinition.builder(PushService.NAME)
        .addMethod(
            PushService.CONNECT_TO_SEND,
            ServerCalls.asyncBidiStreamingCall(out -> connect(fleet, out)))
        .build();
  }

  private static StreamObserver<FromGateway> connect(Fleet fleet, StreamObserver<EncodedPush> out) {
    return new Reader(fleet, Caller.CURRENT.get(), out);
  }

  /// From now on this is shown to gateways that connect; streams that are open stay.
  public void use(PushTls tls) {
    identity.use(tls);
  }

  /// PEM of what gateways trust this server by. It stays what it is.
  public String authority() {
    return authority;
  }

  public int port() {
    return server.getPort();
  }

  /// Ends all streams; the gateways go on serving and come back when there is a server again.
  @Override
  public void close() {
    watch.close();
    server.shutdown();
    fleet.endAll(Status.UNAVAILABLE.withDescription("this operator is going"));
    try {
      // The streams' ends run on the executor, so it has to outlive them.
      if (!server.awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow().awaitTermination(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException _) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    calls.shutdown();
  }
}
