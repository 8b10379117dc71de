package ai.oneflow.tests.chaos;

import static org.awaitility.Awaitility.await;

import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.standalone.StandaloneMain;
import ai.oneflow.tests.chaos.ChaosCaller.Identity;
import ai.oneflow.tests.process.JavaProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `oneflow run` in a process of its own, on ports that stay the same over its lives.
///
/// Each request of a plan has a pair of key and public model for itself, which is how its line in
/// the ledger is found, whatever became of it.
final class StandaloneProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern IN_PROGRESS =
      Pattern.compile("(?m)^http_requests_inprogress (\\S+)$");

  private final Path root;
  private final int port;
  private final int managementPort;
  private final Program program;
  private final AtomicInteger kills = new AtomicInteger();
  private final HttpClient client = HttpClient.newHttpClient();

  private StandaloneProcess(Path root, int port, int managementPort, Program program) {
    this.root = root;
    this.port = port;
    this.managementPort = managementPort;
    this.program = program;
  }

  /// Serves all of the plan's requests when this returns.
  ///
  /// @param root an empty folder
  static StandaloneProcess start(Path root, URI provider, int requests) throws IOException {
    Manifests.write(Files.createDirectory(root.resolve("manifests")), provider, requests);
    int port = FreePort.take();
    int managementPort = FreePort.take();
    List<String> arguments =
        List.of(
            "run",
            "--no-simulator",
            "--manifests=" + root.resolve("manifests"),
            "--state=" + root.resolve("state"),
            "--port=" + port,
            "--management-port=" + managementPort);
    Program program = JavaProgram.start(StandaloneMain.class, arguments, root.resolve("log"));
    StandaloneProcess process = new StandaloneProcess(root, port, managementPort, program);
    process.awaitReady();
    return process;
  }

  private void awaitReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .failFast(
            () -> {
              if (!program.isAlive()) {
                throw new AssertionError("the process has ended; it said:\n" + program.output());
              }
            })
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> management("/readyz").statusCode() == 200);
  }

  private HttpResponse<String> management(String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + managementPort + path);
    try {
      return client.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  int port() {
    return port;
  }

  /// Grows with each kill: a call at whose end it is another than at its start may have been hit.
  int kills() {
    return kills.get();
  }

  /// SIGKILL, and a new life over the same folders. One caller at a time.
  synchronized void killAndStartAgain() {
    // Counted on both sides of the blow, so that a call has another count behind it than before it
    // wherever it was hit.
    kills.incrementAndGet();
    program.kill();
    kills.incrementAndGet();
    try {
      program.startAgain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  /// Nobody can write to the ledger's database for as long as that.
  void lockLedger(Duration duration) {
    try {
      Connection connection = DriverManager.getConnection(rows().url());
      connection.createStatement().execute("BEGIN EXCLUSIVE");
      CompletableFuture.delayedExecutor(duration.toMillis(), TimeUnit.MILLISECONDS)
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

  /// Until it has no request any more.
  void awaitIdle() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              Matcher value = IN_PROGRESS.matcher(management("/metrics").body());
              return value.find() && Double.parseDouble(value.group(1)) == 0;
            });
  }

  Identity identity(int request) {
    Path key = root.resolve("state/secrets").resolve(Manifests.key(request) + "-key/api-key");
    try {
      return new Identity(Files.readString(key), Manifests.model(request));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LedgerRows rows() {
    return new LedgerRows("jdbc:sqlite:" + root.resolve("state").resolve("ledger.db"));
  }

  String log() {
    return program.output();
  }

  @Override
  public void close() {
    program.close();
    client.close();
  }
}
