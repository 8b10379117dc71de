package ai.oneflow.servers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// HAProxy as a plain balancer of TCP connections: it sends new ones to those servers that say they
/// are ready, and leaves the others as they are (https://docs.haproxy.org/2.6/configuration.html).
public final class HaProxy implements AutoCloseable {
  /// How long it takes at most to learn that a server is ready, or is no more.
  public static final Duration LEARNS_WITHIN = Duration.ofMillis(500);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TemporaryFolder folder;
  private final Program program;
  private final int port;

  private HaProxy(TemporaryFolder folder, Program program, int port) {
    this.folder = folder;
    this.program = program;
    this.port = port;
  }

  /// One of those behind it, on loopback.
  ///
  /// @param port the callers'
  /// @param management where `/readyz` answers 200 while it is ready
  public record Server(int port, int management) {}

  /// The program; empty: tests skip.
  public static Optional<Path> installed() {
    Optional<Path> onPath = SearchPath.find("haproxy");
    Path usual = Path.of("/usr/sbin/haproxy");
    return onPath.isEmpty() && Files.isExecutable(usual) ? Optional.of(usual) : onPath;
  }

  /// It listens when this returns.
  public static HaProxy start(Path executable, List<Server> servers) throws IOException {
    TemporaryFolder folder = TemporaryFolder.create("haproxy");
    int port = FreePort.take();
    Path configuration = folder.path().resolve("haproxy.cfg");
    Files.writeString(configuration, configuration(port, servers));
    Program program =
        Program.start(
            List.of(executable.toString(), "-db", "-f", configuration.toString()),
            folder.path().resolve("log"));
    HaProxy started = new HaProxy(folder, program, port);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(started::isListening);
    return started;
  }

  private static String configuration(int port, List<Server> servers) {
    StringBuilder configuration =
        new StringBuilder(
            """
            defaults
              mode tcp
              timeout connect 2s
              timeout client 60s
              timeout server 60s
              timeout check 2s
              retries 3
              option redispatch 1
            listen gateways
              bind 127.0.0.1:%d
              balance leastconn
              option httpchk GET /readyz
              default-server check inter 100ms fall 1 rise 1
            """
                .formatted(port));
    for (Server server : servers) {
      configuration.append(
          "  server s%1$d 127.0.0.1:%1$d port %2$d%n"
              .formatted(server.port(), server.management()));
    }
    return configuration.toString();
  }

  private boolean isListening() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    }
  }

  /// Where callers connect.
  public int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    program.close();
    folder.delete();
  }
}
