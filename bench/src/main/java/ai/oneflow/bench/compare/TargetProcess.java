package ai.oneflow.bench.compare;

import ai.oneflow.bench.process.ProcessTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A process of a target from its start to its end. Only what was started here is ever ended, by
/// its own process id.
final class TargetProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(10);

  private final Target target;
  private final int port;
  private final Process process;
  private final Path log;

  /// @param target its words filled in for this process
  private TargetProcess(Target target, int port, Process process, Path log) {
    this.target = target;
    this.port = port;
    this.process = process;
    this.log = log;
  }

  static TargetProcess start(Target target, int port, Path folder) throws IOException {
    Path log = folder.resolve(target.name() + "-" + port + ".log");
    Process process =
        new ProcessBuilder(target.command())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new TargetProcess(target, port, process, log);
  }

  int port() {
    return port;
  }

  ProcessTree processes() {
    return new ProcessTree(process.toHandle());
  }

  /// The bearer token to send.
  String key() throws IOException {
    return target.keyFile().isEmpty() ? "any" : Files.readString(Path.of(target.keyFile())).strip();
  }

  void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "target %s did not become ready; its log ends:%n%s".formatted(target.name(), logEnd()));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean isReady() throws InterruptedException {
    return target.ready().isEmpty() ? isOpen() : answersOk();
  }

  private boolean isOpen() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean answersOk() throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(target.ready())).timeout(Duration.ofSeconds(2)).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private String logEnd() throws IOException {
    String text = Files.readString(log);
    return text.substring(Math.max(0, text.length() - 2000));
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
