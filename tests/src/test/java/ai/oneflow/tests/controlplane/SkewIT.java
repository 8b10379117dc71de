package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.gateway.health.HealthBook.Target;
import ai.oneflow.gateway.health.Permit;
import ai.oneflow.gateway.health.TargetHealth;
import ai.oneflow.operator.push.Pem;
import ai.oneflow.operator.push.PushTls;
import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.FromGateway;
import ai.oneflow.snapshot.Hello;
import ai.oneflow.snapshot.PushService;
import ai.oneflow.snapshot.Spending;
import ai.oneflow.snapshot.Spending.Spent;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway with an operator of an older version, which would end the stream over a message that
/// it does not know.
class SkewIT {
  @TempDir Path folder;

  private final PushTls tls = PushTls.create(List.of("127.0.0.1"), Instant.now());
  private final List<FromGateway> heard = new CopyOnWriteArrayList<>();

  @Test
  void anOperatorThatDoesNotSayThatItTakesBreakersIsNotToldOfThem() throws IOException {
    Server old = old().start();
    try (LightGateway gateway = gateway(old.getPort())) {
      open(gateway);
      gateway.start();

      // Two rounds in which there would have been something to say.
      for (Spending round : List.of(spending(1), spending(2))) {
        gateway.reports().spent(round.keys());
        await().untilAsserted(() -> assertThat(heard).contains(round));
      }

      assertThat(heard).hasSize(3).first().isInstanceOf(Hello.class);
    } finally {
      old.shutdownNow();
    }
  }

  private static Spending spending(long picoDollars) {
    return new Spending(
        List.of(new Spent("ai", "search", Window.MONTH, Instant.EPOCH, picoDollars)));
  }

  private static void open(LightGateway gateway) {
    gateway
        .target(
            new Target("ai/openai", "gpt-4o"),
            new TargetHealth.Settings(Duration.ofSeconds(1), 1, Duration.ofHours(1), 1))
        .failed(Permit.PLAIN, System.nanoTime());
  }

  private LightGateway gateway(int port) throws IOException {
    Path authority =
        Files.writeString(
            folder.resolve("ca.crt"), Pem.ofCertificate(tls.authority().certificate()));
    Path token = Files.writeString(folder.resolve("token"), "good");
    return new LightGateway(
        new OperatorAddress("127.0.0.1", port, authority, token), new Self("ai", "main", "main-0"));
  }

  /// One that says nothing of what it takes.
  private Server old() throws IOException {
    SslContext context =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(
                    tls.server().key(), tls.server().certificate(), tls.authority().certificate()),
                SslProvider.JDK)
            .build();
    return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sslContext(context)
        .addService(
            ServerServiceDefinition.builder(PushService.NAME)
                .addMethod(
                    PushService.CONNECT_TO_SEND, ServerCalls.asyncBidiStreamingCall(_ -> new Ear()))
                .build())
        .build();
  }

  private final class Ear implements StreamObserver<FromGateway> {
    @Override
    public void onNext(FromGateway message) {
      heard.add(message);
    }

    @Override
    public void onError(Throwable gone) {}

    @Override
    public void onCompleted() {}
  }
}
