package ai.oneflow.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.PushService;
import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.OperatorProcess;
import ai.oneflow.tests.cluster.ProcessNodes;
import ai.oneflow.tests.cluster.TestCluster;
import ai.oneflow.tests.controlplane.PushedGateway;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// A cluster of its own with an operator in a process, two gateways that serve by its pushes, two
/// providers that take no other credential than their own, and a [Witness]. One thread.
final class Site implements AutoCloseable {
  static final String NAMESPACE = "faults";
  static final String STEADY = "steady";

  /// A change is in force within a second; a machine with two processors that runs all of this gets
  /// more.
  static final Duration SOON = Duration.ofSeconds(30);

  private static final int GATEWAYS = 2;
  private static final List<String> JVM =
      List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final Path folder;
  private final TestCluster cluster;
  private final ApiProxy proxy;
  private final Map<String, Simulator> providers;
  private final int pushPort;
  private final KeptAlive operator;
  private String provider = "alpha";
  private final Witness witness;

  private Site(Path folder, String... environment) throws IOException {
    this.folder = folder;
    cluster = opened(TestCluster.start());
    OperatorProcess.install(cluster);
    kubectl("create", "namespace", NAMESPACE);
    opened(ProcessNodes.hollow(cluster, "hollow"));
    proxy = opened(ApiProxy.start(Config.fromKubeconfig(Files.readString(cluster.kubeconfig()))));
    providers = Map.of("alpha", provider("alpha"), "beta", provider("beta"));
    pushPort = FreePort.take();
    operator = operator("first", environment);
    witness = populated();
  }

  /// Serves when this returns.
  ///
  /// @param environment of its operator, as `NAME=value`
  static Site start(Path folder, String... environment) throws IOException {
    return new Site(folder, environment);
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  /// One of the two.
  Simulator provided(String name) {
    return Objects.requireNonNull(providers.get(name));
  }

  /// The one that requests are sent to.
  String provider() {
    return provider;
  }

  private Simulator provider(String name) throws IOException {
    return opened(
        Simulator.start(SimulatorOptions.defaults().withKeys(Set.of(name + "-credential"))));
  }

  private Witness populated() throws IOException {
    providers.forEach((name, provider) -> apply(Yaml.provider(name, provider.baseUrl())));
    apply(Yaml.policy(provider));
    apply(Yaml.key(STEADY));
    apply(Yaml.GATEWAY);
    Path authority = OperatorProcess.authority(cluster, folder);
    OperatorAddress operator = new OperatorAddress("127.0.0.1", pushPort, authority, token());
    List<PushedGateway> gateways = new ArrayList<>();
    for (int i = 0; i < GATEWAYS; i++) {
      Self self = new Self(NAMESPACE, "main", "main-" + i);
      gateways.add(opened(PushedGateway.start(operator, self, folder)));
    }
    String key = mintedKey(NAMESPACE, STEADY);
    for (PushedGateway gateway : gateways) {
      await().atMost(SOON).until(() -> gateway.chatAnswer(key).statusCode() == 200);
    }
    Witness all = opened(new Witness(gateways));
    all.know(STEADY, key, served());
    return all;
  }

  /// What a pod of the gateway would be given.
  private Path token() throws IOException {
    cluster.kubectl("create", "serviceaccount", "main-gateway", "-n", NAMESPACE);
    return Files.writeString(
        folder.resolve("token"),
        kubectl(
            "create",
            "token",
            "main-gateway",
            "-n",
            NAMESPACE,
            "--duration=1h",
            "--audience",
            PushService.AUDIENCE));
  }

  /// Starts another operator that wants to lead, and finds the API server through the proxy.
  ///
  /// @param name of a new folder, for its log
  /// @param environment as `NAME=value`
  KeptAlive operator(String name, String... environment) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    List<String> command = new ArrayList<>();
    command.add("env");
    command.addAll(List.of(environment));
    command.add("KUBECONFIG=" + OperatorProcess.kubeconfig(cluster, own, proxy.address()));
    command.addAll(OperatorProcess.command(JVM, pushPort));
    return opened(KeptAlive.of(Program.start(command, own.resolve("operator.log"))));
  }

  TestCluster cluster() {
    return cluster;
  }

  ApiProxy proxy() {
    return proxy;
  }

  /// The one that was started with it.
  KeptAlive operator() {
    return operator;
  }

  Witness witness() {
    return witness;
  }

  void apply(String yaml) {
    apply(NAMESPACE, yaml);
  }

  void apply(String namespace, String yaml) {
    Completed applied = cluster.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(applied.succeeded()).describedAs(applied.stderr()).isTrue();
  }

  /// What kubectl prints, as an administrator's, who does not use the proxy.
  String kubectl(String... arguments) {
    return cluster.kubectl(arguments).output();
  }

  /// Makes ApiKeys and waits until they are served everywhere.
  void serve(String... names) {
    for (String name : names) {
      apply(Yaml.key(name));
    }
    serveMinted(names);
  }

  private void serveMinted(String... names) {
    for (String name : names) {
      witness.know(name, mintedKey(NAMESPACE, name), "401");
      witness.expect(name, served());
    }
    witness.awaitEverywhere(SOON);
  }

  /// What is answered to whoever is served.
  String served() {
    return "200 " + NAMESPACE + "/" + provider;
  }

  /// What its Secret holds, as soon as there is one.
  String mintedKey(String namespace, String name) {
    await().atMost(SOON).until(() -> !encodedKey(namespace, name).isEmpty());
    return new String(
        Base64.getDecoder().decode(encodedKey(namespace, name)), StandardCharsets.US_ASCII);
  }

  private String encodedKey(String namespace, String name) {
    return kubectl(
        "get",
        "secret",
        name + "-key",
        "-n",
        namespace,
        "--ignore-not-found",
        "-o",
        "jsonpath={.data.api-key}");
  }

  /// Suspends a key; gateways may refuse it from now on.
  void suspend(String name) {
    suspend(name, true);
  }

  void suspend(String name, boolean suspended) {
    witness.expect(name, suspended ? "403" : served());
    apply(Yaml.key(name, "suspended: " + suspended));
  }

  /// Sends requests to the other provider; gateways may do so from now on.
  void reroute() {
    String before = served();
    provider = provider.equals("alpha") ? "beta" : "alpha";
    witness.expectOf(before, served());
    apply(Yaml.policy(provider));
  }

  void awaitReady(String... resources) {
    awaitReady(SOON, resources);
  }

  void awaitReady(Duration patience, String... resources) {
    for (String resource : resources) {
      await()
          .atMost(patience)
          .untilAsserted(() -> assertThat(condition(resource, "Ready")).startsWith("True "));
    }
  }

  /// Until a condition of it, of this generation, begins so: `status reason message`.
  void awaitCondition(String resource, String type, String expected) {
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(condition(resource, type)).startsWith(expected));
  }

  private String condition(String resource, String type) {
    String path =
        "jsonpath={.metadata.generation} {range .status.conditions[?(@.type==\""
            + type
            + "\")]}{.observedGeneration} {.status} {.reason} {.message}{end}";
    String[] found = kubectl("get", resource, "-n", NAMESPACE, "-o", path).split(" ", 3);
    assertThat(found).hasSize(3);
    assertThat(found[1]).describedAs("observed generation").isEqualTo(found[0]);
    return found[2];
  }

  /// Ends all of it, whatever goes wrong with a part.
  @Override
  public void close() {
    List<Throwable> wrong = new ArrayList<>();
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception | AssertionError e) {
        wrong.add(e);
      }
    }
    assertThat(wrong).isEmpty();
  }
}
