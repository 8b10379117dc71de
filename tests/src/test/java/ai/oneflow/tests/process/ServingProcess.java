package ai.oneflow.tests.process;

import static org.awaitility.Awaitility.await;

import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program of this build that serves callers on one port and tells on another how it is, on ports
/// that stay the same over its lives. Any number of threads.
public final class ServingProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(50);

  private final Program program;
  private final Ports ports;
  private final Queue<Blow> blows = new ConcurrentLinkedQueue<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// A kill, from before it until after it.
  private record Blow(long fromNanos, long toNanos) {}

  /// Where it listens.
  public record Ports(int callers, int management) {
    public static Ports free() throws IOException {
      return new Ports(FreePort.take(), FreePort.take());
    }
  }

  /// Serves once [#awaitReady()] has returned.
  ///
  /// @param program was started with these ports and belongs to this from now on
  public ServingProcess(Program program, Ports ports) {
    this.program = program;
    this.ports = ports;
  }

  public void awaitReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(STEP)
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
    URI uri = URI.create("http://127.0.0.1:" + ports.management() + path);
    try {
      return client.send(
          HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// They stay the same.
  public Ports ports() {
    return ports;
  }

  /// The callers'; waits while the process is started again.
  public synchronized int port() {
    return ports.callers();
  }

  /// Whether a kill has begun or ended between these readings of [System#nanoTime], or both. Known
  /// once it has started again.
  public boolean wasKilledBetween(long fromNanos, long toNanos) {
    return blows.stream().anyMatch(b -> b.fromNanos - toNanos <= 0 && b.toNanos - fromNanos >= 0);
  }

  /// SIGKILL, and a new life over the same folders. One thread at a time.
  public synchronized void killAndStartAgain() {
    long before = System.nanoTime();
    program.kill();
    blows.add(new Blow(before, System.nanoTime()));
    try {
      program.startAgain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  /// SIGTERM, and a new life over the same folders once it has ended by itself. One thread at a
  /// time.
  public synchronized void restart() {
    program.end();
    try {
      program.startAgain();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  /// Until it has no request any more, and the ledger all of its events.
  public void awaitIdle() {
    await()
        .atMost(PATIENCE)
        .pollInterval(STEP)
        .until(
            () ->
                metric("http_requests_inprogress") == 0
                    && metric("oneflow_ledger_backlog_events") == 0);
  }

  private double metric(String name) throws IOException {
    Matcher line =
        Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(management("/metrics").body());
    return line.find() ? Double.parseDouble(line.group(1)) : Double.NaN;
  }

  /// All that it has said.
  public String log() {
    return program.output();
  }

  @Override
  public void close() {
    program.close();
    client.close();
  }
}
