package ai.oneflow.tests.endtoend;

import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.GatewayMain;
import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.tests.controlplane.OperatorFixture;
import ai.oneflow.tests.process.JavaProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A gateway in a process of its own, started with the flags that its pod would have, and with a
/// ledger of its own.
final class GatewayProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Program program;
  private final Path folder;
  private final int port;
  private final int managementPort;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayProcess(Program program, Path folder, int port, int managementPort) {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.managementPort = managementPort;
  }

  /// Which pod of which gateway it plays.
  record Pod(String namespace, String gateway, String instance) {}

  /// Starts it; [#awaitReady()] waits for its first configuration.
  static GatewayProcess start(OperatorFixture operator, Pod pod, Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve(pod.instance()));
    int port = FreePort.take();
    int managementPort = FreePort.take();
    Path token = operator.token(pod.namespace(), pod.gateway(), pod.instance());
    List<String> flags =
        List.of(
            "--host=127.0.0.1",
            "--port=" + port,
            "--management-host=127.0.0.1",
            "--management-port=" + managementPort,
            "--operator=127.0.0.1:" + operator.pushPort(),
            "--operator-ca=" + operator.authority(),
            "--token=" + token,
            "--gateway=" + pod.namespace() + "/" + pod.gateway(),
            "--instance=" + pod.instance(),
            "--ledger=jdbc:sqlite:" + folder.resolve("ledger.db"),
            "--journal=" + folder.resolve("journal"),
            "--drain-lag-seconds=0",
            "--drain-seconds=5");
    Program program = JavaProgram.start(GatewayMain.class, flags, folder.resolve("log"));
    return new GatewayProcess(program, folder, port, managementPort);
  }

  void awaitReady() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(this::isReady);
  }

  private boolean isReady() throws IOException {
    if (!program.isAlive()) {
      throw new AssertionError("the gateway has ended; it said:\n" + log());
    }
    return status(request(managementPort, "/readyz")) == 200;
  }

  boolean isAlive() {
    return program.isAlive();
  }

  /// All that it has logged.
  String log() {
    return program.output();
  }

  /// What an SDK is told.
  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + port + "/v1");
  }

  Ledger ledger() {
    return new Ledger("jdbc:sqlite:" + folder.resolve("ledger.db"));
  }

  /// The answer to a short question.
  HttpResponse<String> chat(String key) throws IOException {
    String body =
        """
        {"model":"gpt-4o","messages":[{"role":"user","content":"Is it you?"}]}
        """;
    return send(
        request(port, "/v1/chat/completions")
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /// The time, as [System#nanoTime()] tells it, when a caller with this key first saw `status`.
  CompletableFuture<Long> whenAnswering(String key, int status) {
    return CompletableFuture.supplyAsync(
        () -> {
          await()
              .atMost(PATIENCE)
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(2))
              .until(() -> models(key) == status);
          return System.nanoTime();
        },
        Thread::startVirtualThread);
  }

  /// The status of a request that no provider sees.
  int models(String key) throws IOException {
    return status(request(port, "/v1/models").header("authorization", "Bearer " + key));
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(10));
  }

  private int status(HttpRequest.Builder request) throws IOException {
    return send(request).statusCode();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// As a pod is ended.
  @Override
  public void close() {
    client.close();
    program.end();
  }
}
