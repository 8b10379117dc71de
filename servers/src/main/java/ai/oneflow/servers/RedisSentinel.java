package ai.oneflow.servers;

import static org.awaitility.Awaitility.await;

import ai.oneflow.servers.RedisServer.Persistence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// A master, its replica, and a sentinel that makes the replica master when the master is gone
/// (https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/).
public final class RedisSentinel implements AutoCloseable {
  /// The name under which the sentinel knows the master.
  public static final String MASTER = "main";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RedisServer master;
  private final RedisServer replica;
  private final TemporaryFolder folder;
  private final Program sentinel;
  private final int port;

  private RedisSentinel(
      RedisServer master, RedisServer replica, TemporaryFolder folder, RedisProgram redis)
      throws IOException {
    this.master = master;
    this.replica = replica;
    this.folder = folder;
    this.port = FreePort.take();
    Path configuration = folder.path().resolve("sentinel.conf");
    Files.writeString(configuration, configuration(port, master.port()));
    this.sentinel =
        Program.start(
            List.of(redis.executable().toString(), configuration.toString(), "--sentinel"),
            folder.path().resolve("log"));
  }

  private static String configuration(int port, int masterPort) {
    return """
        port %d
        bind 127.0.0.1
        sentinel monitor %s 127.0.0.1 %d 1
        sentinel down-after-milliseconds %2$s 500
        sentinel failover-timeout %2$s 5000
        """
        .formatted(port, MASTER, masterPort);
  }

  /// The sentinel knows both when this returns, and the replica has what the master has.
  public static RedisSentinel start(RedisProgram redis) throws IOException {
    // At once, or a replica that asks a moment after another one waits five seconds.
    RedisServer master =
        RedisServer.start(redis, Persistence.NONE, "--repl-diskless-sync-delay", "0");
    String port = Integer.toString(master.port());
    RedisServer replica =
        RedisServer.start(redis, Persistence.NONE, "--replicaof", "127.0.0.1", port);
    RedisSentinel group =
        new RedisSentinel(master, replica, TemporaryFolder.create("sentinel"), redis);
    group.awaitReady();
    return group;
  }

  private void awaitReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () ->
                replica.ask("INFO", "replication").contains("master_link_status:up")
                    && RedisCommand.ask(port, "SENTINEL", "MASTER", MASTER)
                        .contains("num-slaves\n1"));
  }

  /// Where clients ask for the master.
  public int port() {
    return port;
  }

  public RedisServer master() {
    return master;
  }

  public RedisServer replica() {
    return replica;
  }

  /// Kills the master; the replica has its place when this returns.
  public void failOver() {
    master.kill();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () ->
                RedisCommand.ask(port, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER)
                        .endsWith("\n" + replica.port())
                    && replica.ask("ROLE").startsWith("master"));
  }

  @Override
  public void close() throws IOException {
    sentinel.close();
    folder.delete();
    replica.close();
    master.close();
  }
}
