package ai.oneflow.servers;

import java.io.IOException;
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
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A real PostgreSQL of this machine.
///
/// The server refuses to run as root; then it runs as `postgres` or, where there is none, `nobody`.
public final class PostgresServer implements AutoCloseable {
  /// Who may do everything, without a password.
  public static final String USER = "oneflow";

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
  private static final Duration READY_WITHIN = Duration.ofSeconds(30);
  private static final List<String> ACCOUNTS = List.of("postgres", "nobody");

  private final TemporaryFolder data;
  private final TemporaryFolder log;
  private final int port;
  private final Program program;

  private PostgresServer(Path programs, TemporaryFolder data) throws IOException {
    this.data = data;
    this.log = TemporaryFolder.create("postgres-log");
    this.port = FreePort.take();
    List<String> command = new ArrayList<>(asItsAccount());
    command.addAll(List.of(programs.resolve("postgres").toString(), "-D", data.path().toString()));
    command.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(port), "-k", "", "-F"));
    this.program = Program.start(command, log.path().resolve("log"));
  }

  /// The folder with the newest installed server's programs; empty: tests skip.
  public static Optional<Path> installed() {
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

  /// @param programs see [#installed()]
  public static PostgresServer start(Path programs) throws IOException, InterruptedException {
    TemporaryFolder data = TemporaryFolder.create("postgres");
    if (isRoot()) {
      var accounts = FileSystems.getDefault().getUserPrincipalLookupService();
      Files.setOwner(data.path(), accounts.lookupPrincipalByName(account()));
    }
    List<String> initdb = new ArrayList<>(asItsAccount());
    initdb.addAll(List.of(programs.resolve("initdb").toString(), "-D", data.path().toString()));
    initdb.addAll(List.of("-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
    Process process =
        new ProcessBuilder(initdb)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("initdb failed with " + process.exitValue());
    }
    PostgresServer server = new PostgresServer(programs, data);
    server.awaitReady();
    return server;
  }

  /// Makes a database and returns its JDBC URL.
  public String newDatabase(String name) throws SQLException {
    execute(url("postgres"), "CREATE DATABASE " + name);
    return url(name);
  }

  /// Runs each statement by itself.
  public void execute(String url, String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(url, USER, "");
        var statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /// Pulls the plug: no checkpoint, connections break.
  public void kill() {
    program.kill();
    Awaitility.await().atMost(READY_WITHIN).until(() -> !answers());
  }

  public void startAgain() throws IOException {
    Files.deleteIfExists(data.path().resolve("postmaster.pid"));
    program.startAgain();
    awaitReady();
  }

  @Override
  public void close() throws IOException {
    program.close();
    data.delete();
    log.delete();
  }

  private void awaitReady() {
    Awaitility.await().atMost(READY_WITHIN).until(this::answers);
  }

  private boolean answers() {
    try (var connection = DriverManager.getConnection(url("postgres"), USER, "")) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  private static List<String> asItsAccount() throws IOException {
    return isRoot()
        ? List.of("setpriv", "--reuid", account(), "--regid", group(), "--clear-groups")
        : List.of();
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
    return SearchPath.folders()
        .filter(folder -> Files.isExecutable(folder.resolve("initdb")))
        .filter(folder -> Files.isExecutable(folder.resolve("postgres")))
        .findFirst();
  }

  private static int major(Path version) {
    String name = version.getFileName().toString();
    return name.matches("\\d+") ? Integer.parseInt(name) : 0;
  }
}
