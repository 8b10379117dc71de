package ai.oneflow.standalone.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/// A machine with a gateway, a simulator behind it and a caller before it.
final class OneMachine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path root;
  private final Simulator simulator = Simulator.start(SimulatorOptions.defaults());
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private Standalone standalone;

  OneMachine(Path root) throws IOException {
    this.root = root;
    Files.createDirectories(root.resolve("manifests"));
    write("gateway.yaml", manifest("LLMGateway", "main", "{}"));
    write(
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: openai}\nstringData: {api-key: any}\n");
    write("provider.yaml", provider("\"10.00\""));
    write(
        "policy.yaml",
        manifest(
            "RoutingPolicy",
            "smart",
            "\n  models: [smart]\n  targets: [{provider: {name: openai}, model: gpt-4o}]"));
    write("key.yaml", manifest("ApiKey", "alice", "{project: search}"));
    standalone = start();
  }

  static String manifest(String kind, String name, String spec) {
    return "apiVersion: oneflow.ai/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: %s\n"
        .formatted(kind, name, spec);
  }

  String provider(String outputPrice) {
    return manifest(
        "LLMProvider",
        "openai",
        """

          dialect: OpenAI
          endpoint: %s
          credentials: [{secretRef: {name: openai}}]
          models:
            - name: gpt-4o
              prices:
                - input: "2.50"
                  output: %s
        """
            .formatted(simulator.baseUrl(), outputPrice));
  }

  private Standalone start() throws IOException {
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Standalone.start(
        new StandaloneOptions(root.resolve("manifests"), secrets(), state(), free, free),
        said::add);
  }

  void restart() throws IOException {
    standalone.close();
    standalone = start();
  }

  Path state() {
    return root.resolve("state");
  }

  Path secrets() {
    return root.resolve("secrets");
  }

  String key() throws IOException {
    return Files.readString(secrets().resolve("alice-key").resolve("api-key"));
  }

  Standalone running() {
    return standalone;
  }

  /// As editors save: beside it, then over it.
  void write(String file, String text) throws IOException {
    Path fresh = Files.writeString(root.resolve("manifests").resolve("." + file + ".swp"), text);
    Files.move(
        fresh,
        root.resolve("manifests").resolve(file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  void delete(String file) throws IOException {
    Files.delete(root.resolve("manifests").resolve(file));
  }

  HttpResponse<String> ask(String key, String model, String more)
      throws IOException, InterruptedException {
    String body =
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}"
            .formatted(model, more);
    URI uri = URI.create("http://127.0.0.1:" + standalone.port() + "/v1/chat/completions");
    return client.send(
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  void awaitStatus(int status, String key, String model) {
    eventually(() -> ask(key, model, "").statusCode() == status);
  }

  void awaitKey() {
    eventually(() -> Files.exists(secrets().resolve("alice-key").resolve("api-key")));
  }

  /// Waits for a line with all of these in it.
  void awaitSaid(String... parts) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(said).anySatisfy(line -> assertThat(line).contains(parts)));
  }

  private void eventually(Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(PATIENCE)
        .failFast(() -> assertThat(said).noneMatch(line -> line.contains("of_live_")))
        .until(condition);
  }

  List<String> said() {
    return List.copyOf(said);
  }

  @Override
  public void close() throws IOException {
    standalone.close();
    simulator.close();
    client.close();
  }
}
