package ai.oneflow.servers;

import static org.awaitility.Awaitility.await;

import ai.oneflow.servers.RedisServer.Persistence;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A Redis Cluster of masters that share the 16384 slots
/// (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
public final class RedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int PORTS = 65_536;

  /// Nodes talk to each other on the port above theirs by this much.
  private static final int BUS = 10_000;

  private static final Duration READY_WITHIN = Duration.ofSeconds(30);

  private final List<RedisServer> nodes;

  private RedisCluster(List<RedisServer> nodes) {
    this.nodes = nodes;
  }

  /// Every slot is served, and every node knows by whom, when this returns.
  public static RedisCluster start(RedisProgram redis, int masters) throws IOException {
    RedisCluster cluster = new RedisCluster(new ArrayList<>());
    try {
      for (int i = 0; i < masters; i++) {
        cluster.nodes.add(
            RedisServer.start(redis, Persistence.NONE, port(), "--cluster-enabled", "yes"));
        cluster.join(i, masters);
      }
      cluster.awaitReady();
      return cluster;
    } catch (IOException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static int port() throws IOException {
    int port = FreePort.take();
    while (port + BUS >= PORTS) {
      port = FreePort.take();
    }
    return port;
  }

  private void join(int index, int masters) throws IOException {
    RedisServer node = nodes.get(index);
    Stream<String> slots =
        IntStream.range(SLOTS * index / masters, SLOTS * (index + 1) / masters)
            .mapToObj(Integer::toString);
    node.ask(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new));
    if (index > 0) {
      node.ask("CLUSTER", "MEET", "127.0.0.1", Integer.toString(nodes.getFirst().port()));
    }
  }

  private void awaitReady() {
    await()
        .atMost(READY_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              for (RedisServer node : nodes) {
                String info = node.ask("CLUSTER", "INFO");
                if (!info.contains("cluster_state:ok")
                    || !info.contains("cluster_known_nodes:" + nodes.size() + "\r")) {
                  return false;
                }
              }
              return true;
            });
  }

  public List<RedisServer> nodes() {
    return List.copyOf(nodes);
  }

  /// Of one node, which tells of the others.
  public URI url() {
    return nodes.getFirst().url();
  }

  @Override
  public void close() throws IOException {
    for (RedisServer node : nodes) {
      node.close();
    }
  }
}
