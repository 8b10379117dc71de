package ai.oneflow.tests.chaos;

import ai.oneflow.standalone.StandaloneMain;
import ai.oneflow.tests.process.JavaProgram;
import ai.oneflow.tests.process.ServingProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// `oneflow run`, which counts in its memory and writes into SQLite.
final class StandaloneSite implements Site {
  private static final Duration LOCKED = Duration.ofMillis(700);

  private final Path root;
  private final ServingProcess process;

  private StandaloneSite(Path root, ServingProcess process) {
    this.root = root;
    this.process = process;
  }

  /// Serves all of the plan's requests when this returns.
  ///
  /// @param root an empty folder
  static StandaloneSite start(Path root, URI provider, int requests) throws IOException {
    Manifests.write(Files.createDirectory(root.resolve("manifests")), provider, requests);
    ServingProcess.Ports ports = ServingProcess.Ports.free();
    List<String> arguments =
        List.of(
            "run",
            "--no-simulator",
            "--manifests=" + root.resolve("manifests"),
            "--state=" + root.resolve("state"),
            "--port=" + ports.callers(),
            "--management-port=" + ports.management());
    ServingProcess process =
        new ServingProcess(
            JavaProgram.start(StandaloneMain.class, arguments, root.resolve("log")), ports);
    process.awaitReady();
    return new StandaloneSite(root, process);
  }

  @Override
  public List<ServingProcess> gateways() {
    return List.of(process);
  }

  @Override
  public String secret(String name) {
    Path key = root.resolve("state/secrets").resolve(name + "-key/api-key");
    try {
      return Files.readString(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void strike(PlannedRequest planned) {
    switch (planned.fault().origin()) {
      case GATEWAY -> process.killAndStartAgain();
      case SQL -> lockLedger();
      case NONE, PROVIDER, CALLER, REDIS ->
          throw new IllegalStateException("nothing is struck here by " + planned.fault());
    }
  }

  /// Nobody can write to the ledger's database for a while.
  private void lockLedger() {
    try {
      Connection connection = DriverManager.getConnection(rows().url());
      connection.createStatement().execute("BEGIN EXCLUSIVE");
      CompletableFuture.delayedExecutor(LOCKED.toMillis(), TimeUnit.MILLISECONDS)
          .execute(() -> unlock(connection));
    } catch (SQLException _) {
      // Somebody else holds it, which does as well.
    }
  }

  private static void unlock(Connection connection) {
    try (connection) {
      connection.createStatement().execute("ROLLBACK");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void awaitIdle() {
    process.awaitIdle();
  }

  /// As at every start.
  @Override
  public void countAnew() {
    process.killAndStartAgain();
  }

  @Override
  public LedgerRows rows() {
    return new LedgerRows("jdbc:sqlite:" + root.resolve("state").resolve("ledger.db"));
  }

  @Override
  public void close() {
    process.close();
  }
}
