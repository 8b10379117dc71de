package ai.oneflow.servers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A real Redis, or what speaks like one.
public final class RedisServer implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofSeconds(20);

  private static final String LOG = "log";

  private final TemporaryFolder folder;
  private final int port;
  private final Program program;

  /// What outlives the process.
  public enum Persistence {
    /// Nothing: a restarted server is empty.
    NONE,
    /// What was written more than a second ago, by the append-only file.
    EVERY_SECOND,
    /// Whatever was acknowledged.
    ALWAYS
  }

  private RedisServer(TemporaryFolder folder, int port, Program program) {
    this.folder = folder;
    this.port = port;
    this.program = program;
  }

  /// Answers when this returns.
  ///
  /// @param options more of them as on the command line, such as `--cluster-enabled`, `yes`
  public static RedisServer start(RedisProgram redis, Persistence persistence, String... options)
      throws IOException {
    return start(redis, persistence, FreePort.take(), options);
  }

  static RedisServer start(RedisProgram redis, Persistence persistence, int port, String... options)
      throws IOException {
    TemporaryFolder folder = TemporaryFolder.create("redis");
    List<String> command = new ArrayList<>();
    command.add(redis.executable().toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", folder.path().toString(), "--save", ""));
    command.addAll(words(persistence));
    command.addAll(List.of(options));
    Program program = Program.start(command, folder.path().resolve(LOG));
    RedisServer server = new RedisServer(folder, port, program);
    server.awaitReady();
    return server;
  }

  private static List<String> words(Persistence persistence) {
    return switch (persistence) {
      case NONE -> List.of("--appendonly", "no");
      case EVERY_SECOND -> List.of("--appendonly", "yes", "--appendfsync", "everysec");
      case ALWAYS -> List.of("--appendonly", "yes", "--appendfsync", "always");
    };
  }

  public int port() {
    return port;
  }

  public ProcessHandle process() {
    return program.process();
  }

  public URI url() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  /// A command and its answer, as text; arrays a line an element.
  public String ask(String... command) throws IOException {
    return RedisCommand.ask(port, command);
  }

  /// Forgets everything.
  public void flushAll() throws IOException {
    ask("FLUSHALL");
  }

  /// SIGSTOP: connections stay, nothing is answered.
  public void pause() {
    program.pause();
  }

  /// SIGCONT.
  public void resume() {
    program.resume();
  }

  /// SIGKILL.
  public void kill() {
    program.kill();
  }

  /// After [#kill()], on the same port over the same data.
  public void startAgain() throws IOException {
    program.startAgain();
    awaitReady();
  }

  /// After [#kill()], on the same port with nothing of what was there.
  public void startAgainWithNothing() throws IOException {
    folder.clear(folder.path().resolve(LOG));
    startAgain();
  }

  /// After [#kill()], on the same port without the end of its append-only file: as after a loss of
  /// power, where it was not forced to the disk.
  public void startAgainWithoutTheLatest(int bytes) throws IOException {
    try (FileChannel file = FileChannel.open(appended(), StandardOpenOption.WRITE)) {
      file.truncate(Math.max(0, file.size() - bytes));
    }
    startAgain();
  }

  /// Where the latest commands are. Redis 7 has a folder of files, of which the last has them.
  private Path appended() throws IOException {
    try (Stream<Path> files = Files.walk(folder.path())) {
      return files
          .filter(file -> file.getFileName().toString().matches("appendonly(.*incr)?[.]aof"))
          .max(Comparator.comparing(Path::toString))
          .orElseThrow(() -> new IllegalStateException("it appends to no file"));
    }
  }

  /// All that it has said.
  public String log() {
    return program.output();
  }

  private void awaitReady() {
    await()
        .atMost(READY_WITHIN)
        .pollInterval(Duration.ofMillis(10))
        .failFast(
            () -> {
              if (!program.isAlive()) {
                throw new IllegalStateException("Redis has ended; it said:\n" + log());
              }
            })
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> ask("PING").equals("PONG"));
  }

  @Override
  public void close() throws IOException {
    program.close();
    folder.delete();
  }
}
