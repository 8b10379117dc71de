package ai.oneflow.tests.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.simulator.Usage;
import ai.oneflow.tests.controlplane.OperatorFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// `examples/quickstart` on a real API server with an operator, served by two gateway processes;
/// the provider is the simulator, and it checks keys.
final class Quickstart implements AutoCloseable {
  static final String NAMESPACE = "quickstart";

  /// What the example's Secret holds.
  static final String PROVIDER_KEY = "replace-me";

  private final Simulator provider;
  private final OperatorFixture operator;
  private final List<GatewayProcess> gateways = new ArrayList<>();

  private Quickstart(Simulator provider, OperatorFixture operator) {
    this.provider = provider;
    this.operator = operator;
  }

  /// Everything is ready when it returns.
  static Quickstart start(Path folder) throws IOException {
    Simulator provider =
        Simulator.start(SimulatorOptions.defaults().withKeys(Set.of(PROVIDER_KEY)));
    Quickstart started = new Quickstart(provider, operator(folder, provider));
    try {
      started.begin(folder);
      return started;
    } catch (IOException | RuntimeException | Error e) {
      started.gateways.forEach(g -> System.out.println(g.log()));
      started.close();
      throw e;
    }
  }

  private static OperatorFixture operator(Path folder, Simulator provider) throws IOException {
    try {
      return OperatorFixture.start(folder, Set.of(NAMESPACE));
    } catch (IOException | RuntimeException | Error e) {
      provider.close();
      throw e;
    }
  }

  private void begin(Path folder) throws IOException {
    operator.kubectl("apply", "-n", NAMESPACE, "-f", manifests(folder).toString());
    for (String instance : List.of("gw-0", "gw-1")) {
      gateways.add(
          GatewayProcess.start(
              operator, new GatewayProcess.Pod(NAMESPACE, "gateway", instance), folder));
    }
    for (GatewayProcess gateway : gateways) {
      gateway.awaitReady();
    }
    for (String resource :
        List.of(
            "llmprovider/openai",
            "routingpolicy/gpt-4o",
            "routingpolicy/embeddings",
            "apikey/alice",
            "llmgateway/gateway")) {
      operator.awaitReady(NAMESPACE, resource);
    }
  }

  /// The example as it is, but for the port of the simulator.
  private Path manifests(Path folder) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("manifests"));
    Path example = Path.of(System.getProperty("oneflow.root", "..")).resolve("examples/quickstart");
    int changed = 0;
    try (Stream<Path> files = Files.list(example)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        String adapted = text.replace("http://127.0.0.1:8090/v1", provider.baseUrl().toString());
        changed += adapted.equals(text) ? 0 : 1;
        Files.writeString(copy.resolve(file.getFileName()), adapted);
      }
    }
    assertThat(changed).describedAs("files that name the simulator's address").isEqualTo(1);
    return copy;
  }

  Simulator provider() {
    return provider;
  }

  List<GatewayProcess> gateways() {
    return gateways;
  }

  /// Runs kubectl in the namespace; what it prints.
  String kubectl(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-n", NAMESPACE));
    return operator.kubectl(all.toArray(String[]::new));
  }

  /// Makes a key of this name, which both gateways know when it returns.
  String mint(String name) {
    operator.apply(
        NAMESPACE,
        """
        apiVersion: oneflow.ai/v1alpha1
        kind: ApiKey
        metadata: {name: %s}
        spec: {user: bob}
        """
            .formatted(name));
    operator.awaitReady(NAMESPACE, "apikey/" + name);
    return key(name);
  }

  /// The key that the operator minted.
  String key(String name) {
    String encoded = kubectl("get", "secret", name + "-key", "-o", "jsonpath={.data.api-key}");
    return new String(Base64.getDecoder().decode(encoded), UTF_8);
  }

  /// What the example's prices make of it, worked out by hand: $2.50, $1.25 and $10.00 for a
  /// million tokens are 2,500,000, 1,250,000 and 10,000,000 pico-dollars for one.
  static long chatPicoDollars(Usage usage) {
    return (usage.promptTokens() - usage.cachedTokens()) * 2_500_000L
        + usage.cachedTokens() * 1_250_000L
        + usage.completionTokens() * 10_000_000L;
  }

  /// $0.02 for a million tokens are 20,000 pico-dollars for one.
  static long embeddingPicoDollars(Usage usage) {
    return usage.promptTokens() * 20_000L;
  }

  @Override
  public void close() {
    gateways.forEach(GatewayProcess::close);
    operator.close();
    provider.close();
  }
}
