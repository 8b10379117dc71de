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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A gateway that serves by what one file says, where a pod's would be told by its operator.
final class ConfiguredGateway {
  private ConfiguredGateway() {}

  /// What it is started with.
  ///
  /// @param port the callers'
  /// @param database JDBC's URL
  /// @param folder of its journal
  /// @param configuration the file, as [#write] makes it
  record Start(
      String instance,
      int port,
      int managementPort,
      String database,
      Path folder,
      Path configuration) {
    List<String> arguments() {
      return List.of(
          instance,
          String.valueOf(port),
          String.valueOf(managementPort),
          database,
          folder.toString(),
          configuration.toString());
    }

    static Start of(String... arguments) {
      return new Start(
          arguments[0],
          Integer.parseInt(arguments[1]),
          Integer.parseInt(arguments[2]),
          arguments[3],
          Path.of(arguments[4]),
          Path.of(arguments[5]));
    }
  }

  static void write(GatewaySnapshot snapshot, Path file) throws IOException {
    Delta whole = new Delta(new ArrayList<>(snapshot.entries().values()), List.of());
    Files.write(file, SnapshotCodec.encode(whole));
  }

  private static GatewaySnapshot read(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return GatewaySnapshot.of(SnapshotCodec.decode(bytes, Delta.class).upserts());
    }
  }

  /// Runs until SIGTERM.
  public static void main(String[] arguments) throws IOException, InterruptedException {
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
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(gateway), "end"));
    if (gateway.sink().offer(read(start.configuration())) instanceof Outcome.Refused refused) {
      System.err.println("the configuration was refused: " + refused.refusals());
      System.exit(1);
    }
    new CountDownLatch(1).await();
  }

  private static void close(Gateway gateway) {
    try {
      gateway.close();
    } catch (IOException e) {
      System.err.println("the ledger did not close: " + e.getMessage());
    }
  }
}
