package ai.oneflow.gateway.ledger.sql;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A real PostgreSQL of this machine, with a database of its own in a temporary folder, on a free
/// port of the loopback address. It can be stopped and started again over the same data.
///
/// The server refuses to run as root; then it runs as `postgres` or, where there is none, `nobody`.
final class PostgresServer implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final List<String> ACCOUNTS = List.of("postgres", "nobody");

  private final Path programs;
  private final Path data;
  private final int port;
  private Process server;

  private PostgresServer(Path programs, Path data, int port) throws IOException {
    this.programs = programs;
    this.data = data;
    this.port = port;
    this.server = launch();
  }

  /// The folder with the newest installed server's programs; empty: tests skip.
  static Optional<Path> installed() {
    try (Stream<Path> versions = Files.exists(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
      Optional<Path> debian =
          versions
              .sorted(Comparator.comparingInt(PostgresServer::major).reversed())
              .map(version -> version.resolve("bin"))
              .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
              .findFirst();
      return debian.or(PostgresServer::onThePath);
    } catch (IOException e) {
      return onThePath();
    }
  }

  static PostgresServer start(Path programs) throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("oneflow-postgres");
    if (isRoot()) {
      var accounts = FileSystems.getDefault().getUserPrincipalLookupService();
      Files.setOwner(data, accounts.lookupPrincipalByName(account()));
    }
    List<String> initdb =
        List.of(programs.resolve("initdb").toString(), "-D", data.toString(), "-U", "oneflow");
    List<String> options = List.of("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
    Process process = command(Stream.concat(initdb.stream(), options.stream()).toList());
    if (process.waitFor() != 0) {
      throw new IOException("initdb failed with " + process.exitValue());
    }
    PostgresServer server = new PostgresServer(programs, data, freePort());
    server.awaitReady();
    return server;
  }

  /// A database of its own for one test.
  LedgerDatabase newDatabase(String name) throws SQLException {
    try (var connection = DriverManager.getConnection(url("postgres"), "oneflow", "");
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    }
    return new LedgerDatabase(url(name), "oneflow", "");
  }

  void execute(LedgerDatabase database, String... statements) throws SQLException {
    try (var connection = database.connectToRead();
        var statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /// Pulls the plug: no checkpoint, connections break.
  void kill() {
    server.destroyForcibly().onExit().join();
    Awaitility.await().atMost(READY_WITHIN).until(() -> !answers());
  }

  void startAgain() throws IOException {
    server = launch();
    awaitReady();
  }

  @Override
  public void close() throws IOException {
    stop();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void stop() {
    server.toHandle().destroy();
    server
        .onExit()
        .completeOnTimeout(server, 3, TimeUnit.SECONDS)
        .thenAccept(Process::destroyForcibly)
        .thenCompose(_ -> server.onExit())
        .join();
  }

  private Process launch() throws IOException {
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    return command(
        List.of(
            programs.resolve("postgres").toString(),
            "-D",
            data.toString(),
            "-h",
            "127.0.0.1",
            "-p",
            String.valueOf(port),
            "-k",
            "",
            "-F"));
  }

  private void awaitReady() {
    Awaitility.await().atMost(READY_WITHIN).until(this::answers);
  }

  private boolean answers() {
    try (var connection = DriverManager.getConnection(url("postgres"), "oneflow", "")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private static Process command(List<String> command) throws IOException {
    List<String> line = new ArrayList<>();
    if (isRoot()) {
      line.addAll(List.of("setpriv", "--reuid", account(), "--regid", group(), "--clear-groups"));
    }
    line.addAll(command);
    return new ProcessBuilder(line)
        .directory(Path.of("/").toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static String account() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/etc/passwd"));
    return ACCOUNTS.stream()
        .filter(name -> lines.stream().anyMatch(line -> line.startsWith(name + ":")))
        .findFirst()
        .orElseThrow(() -> new IOException("no account to run PostgreSQL as: " + ACCOUNTS));
  }

  private static String group() throws IOException {
    return account().equals("nobody") ? "nogroup" : account();
  }

  private static Optional<Path> onThePath() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .map(Path::of)
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
        .findFirst();
  }

  private static int major(Path version) {
    String name = version.getFileName().toString();
    return name.matches("\\d+") ? Integer.parseInt(name) : 0;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
