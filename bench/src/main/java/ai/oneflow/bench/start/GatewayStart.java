package ai.oneflow.bench.start;

import ai.oneflow.bench.gateway.MeasuredConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Starts one gateway process, waits until it is ready, and ends it with SIGTERM.
final class GatewayStart {
  private static final int POLL_MILLIS = 2;
  private static final int TRAINING_REQUESTS = 200;
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path jar;
  private final Path work;
  private final int operatorPort;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  GatewayStart(Path jar, Path work, int operatorPort) {
    this.jar = jar;
    this.work = work;
    this.operatorPort = operatorPort;
  }

  /// Returns the time from the start of the process to the first `200` of `/readyz`.
  ///
  /// @param key if not empty, some requests are made with it before the end
  Duration measure(List<String> options, String key) throws IOException, InterruptedException {
    int port = freePort();
    int management = freePort();
    ProcessBuilder command = new ProcessBuilder(command(options, port, management));
    command.redirectErrorStream(true).redirectOutput(work.resolve("gateway.log").toFile());
    long began = System.nanoTime();
    Process process = command.start();
    try {
      Duration ready = awaitReady(process, management, began);
      for (int i = 0; !key.isEmpty() && i < TRAINING_REQUESTS; i++) {
        ask(port, key, i % 2 == 0);
      }
      return ready;
    } finally {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private List<String> command(List<String> options, int port, int management) throws IOException {
    Path state = Files.createTempDirectory(work, "state");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of("--management-host", "127.0.0.1"));
    command.addAll(List.of("--management-port", Integer.toString(management)));
    command.addAll(List.of("--operator", "127.0.0.1:" + operatorPort));
    command.addAll(List.of("--operator-ca", work.resolve("ca.crt").toString()));
    command.addAll(List.of("--token", work.resolve("token").toString()));
    command.addAll(
        List.of(
            "--gateway", MeasuredConfiguration.NAMESPACE + "/" + MeasuredConfiguration.GATEWAY));
    command.addAll(List.of("--instance", "start", "--drain-seconds", "2"));
    command.addAll(List.of("--ledger", "jdbc:sqlite:" + state.resolve("ledger.db")));
    command.addAll(List.of("--journal", state.resolve("journal").toString()));
    return command;
  }

  private Duration awaitReady(Process process, int management, long began)
      throws IOException, InterruptedException {
    URI readyz = URI.create("http://127.0.0.1:" + management + "/readyz");
    HttpRequest probe = HttpRequest.newBuilder(readyz).build();
    while (process.isAlive() && System.nanoTime() - began < GIVE_UP_NANOS) {
      try {
        if (client.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return Duration.ofNanos(System.nanoTime() - began);
        }
      } catch (IOException notListeningYet) {
        // Asked again below.
      }
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    throw new IOException(
        "the gateway did not become ready: " + Files.readString(work.resolve("gateway.log")));
  }

  private void ask(int port, String key, boolean stream) throws IOException, InterruptedException {
    String body =
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(MeasuredConfiguration.MODEL, stream);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      throw new IOException("the gateway answered " + status + " to a training request");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
