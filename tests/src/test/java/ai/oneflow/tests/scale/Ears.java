package ai.oneflow.tests.scale;

import static org.awaitility.Awaitility.await;

import ai.oneflow.snapshot.PushService;
import ai.oneflow.snapshot.SnapshotVersion;
import ai.oneflow.tests.cluster.OperatorProcess;
import ai.oneflow.tests.cluster.TestCluster;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// As many light gateways of one LLMGateway, on one thread, each over a connection of its own.
public final class Ears implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 256 << 20;
  private static final Duration POLL = Duration.ofMillis(2);

  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<Ear> all;

  /// Connects them.
  public Ears(int number, Operator operator) {
    all =
        IntStream.range(0, number)
            .mapToObj(
                i ->
                    new Ear(
                        "main-" + i,
                        new Ear.Line(
                            channel(operator), operator.namespace(), operator.token(), thread)))
            .toList();
    all.forEach(Ear::connect);
  }

  /// Whom they listen to.
  public record Operator(int port, Path authority, String namespace, String token) {

    /// As the pods of `main` in this namespace, whose account is there.
    ///
    /// @param folder for the authority that they know it by
    public static Operator of(TestCluster cluster, Path folder, String namespace, int port)
        throws IOException {
      String token =
          cluster
              .kubectl(
                  "create",
                  "token",
                  "main-gateway",
                  "-n",
                  namespace,
                  "--audience",
                  PushService.AUDIENCE,
                  "--duration=6h")
              .output();
      Path authority = OperatorProcess.authority(cluster, folder);
      return new Operator(port, authority, namespace, token.strip());
    }
  }

  private ManagedChannel channel(Operator operator) {
    try {
      return NettyChannelBuilder.forAddress("127.0.0.1", operator.port())
          .sslContext(
              GrpcSslContexts.forClient().trustManager(operator.authority().toFile()).build())
          .eventLoopGroup(loop)
          .channelType(NioSocketChannel.class)
          .executor(thread)
          .maxInboundMessageSize(MAX_MESSAGE_BYTES)
          .disableRetry()
          .build();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits until all have the same, other than `former`.
  ///
  /// @return what they have
  public SnapshotVersion awaitNext(Optional<SnapshotVersion> former, Duration patience) {
    await()
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .until(() -> agreed(former));
    return versions().iterator().next();
  }

  private boolean agreed(Optional<SnapshotVersion> former) {
    Set<SnapshotVersion> versions = versions();
    return versions.size() == 1
        && all.stream().allMatch(ear -> ear.last().isPresent())
        && !former.equals(Optional.of(versions.iterator().next()));
  }

  private Set<SnapshotVersion> versions() {
    return all.stream()
        .flatMap(ear -> ear.last().stream())
        .map(Ear.Heard::version)
        .collect(Collectors.toSet());
  }

  /// When the last of them was sent what it has.
  long latestNanos() {
    return all.stream()
        .flatMap(ear -> ear.last().stream())
        .mapToLong(Ear.Heard::atNanos)
        .max()
        .orElse(0);
  }

  /// Of the push that each was sent last, of all together.
  long bytes() {
    return all.stream().flatMap(ear -> ear.last().stream()).mapToLong(Ear.Heard::bytes).sum();
  }

  @Override
  public void close() {
    all.forEach(Ear::close);
    thread.shutdownNow();
    loop.shutdownGracefully();
  }
}
