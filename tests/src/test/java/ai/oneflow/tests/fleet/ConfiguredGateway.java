package ai.oneflow.tests.fleet;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.SnapshotSink.Outcome;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.servers.PostgresServer;
import ai.oneflow.snapshot.Delta;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.SnapshotCodec;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// A gateway that serves by what one file says, where a pod's would be told by its operator, and by
/// what it says later. At SIGTERM it ends at once, or drains where it is told for how long it is to
/// take connections still.
final class ConfiguredGateway {
  private static final Duration LOOKS_EVERY = Duration.ofMillis(10);

  /// Less than it takes until a program is killed that was asked to end.
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private ConfiguredGateway() {}

  /// What it is started with.
  ///
  /// @param port the callers'
  /// @param database JDBC's URL
  /// @param folder of its journal
  /// @param configuration the file, as [#write] makes it
  /// @param lagMillis for how long it takes connections after SIGTERM; negative: it ends at once
  record Start(
      String instance,
      int port,
      int managementPort,
      String database,
      Path folder,
      Path configuration,
      long lagMillis) {
    List<String> arguments() {
      return List.of(
          instance,
          String.valueOf(port),
          String.valueOf(managementPort),
          database,
          folder.toString(),
          configuration.toString(),
          String.valueOf(lagMillis));
    }

    static Start of(String... arguments) {
      return new Start(
          arguments[0],
          Integer.parseInt(arguments[1]),
          Integer.parseInt(arguments[2]),
          arguments[3],
          Path.of(arguments[4]),
          Path.of(arguments[5]),
          Long.parseLong(arguments[6]));
    }
  }

  static void write(GatewaySnapshot snapshot, Path file) throws IOException {
    Delta whole = new Delta(new ArrayList<>(snapshot.entries().values()), List.of());
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, SnapshotCodec.encode(whole));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static GatewaySnapshot read(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return GatewaySnapshot.of(SnapshotCodec.decode(bytes, Delta.class).upserts());
    }
  }

  /// Runs until SIGTERM.
  public static void main(String[] arguments) throws IOException {
    Start start = Start.of(arguments);
    InetAddress here = InetAddress.getLoopbackAddress();
    Gateway gateway =
        Gateway.start(
            new GatewayOptions(
                new InetSocketAddress(here, start.port()),
                new InetSocketAddress(here, start.managementPort()),
                1,
                new LedgerOptions(
                    new LedgerDatabase(start.database(), PostgresServer.USER, ""),
                    start.folder().resolve("journal")),
                start.instance()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(gateway, start.lagMillis()), "end"));
    FileTime known = FileTime.fromMillis(0);
    while (true) {
      FileTime written = Files.getLastModifiedTime(start.configuration());
      if (!written.equals(known)) {
        known = written;
        offer(gateway, start.configuration());
      }
      LockSupport.parkNanos(LOOKS_EVERY.toNanos());
    }
  }

  private static void offer(Gateway gateway, Path configuration) throws IOException {
    if (gateway.sink().offer(read(configuration)) instanceof Outcome.Refused refused) {
      System.err.println("the configuration was refused: " + refused.refusals());
      System.exit(1);
    }
  }

  private static void end(Gateway gateway, long lagMillis) {
    if (lagMillis >= 0 && !gateway.drain(Duration.ofMillis(lagMillis), DEADLINE)) {
      System.err.println("not all had ended by the deadline");
    }
    close(gateway);
  }

  private static void close(Gateway gateway) {
    try {
      gateway.close();
    } catch (IOException e) {
      System.err.println("the ledger did not close: " + e.getMessage());
    }
  }
}
