package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.config.push.KeptSnapshots;
import ai.oneflow.gateway.config.push.OperatorAddress;
import ai.oneflow.gateway.config.push.Self;
import ai.oneflow.operator.push.PushTlsSecret;
import ai.oneflow.operator.reconcile.ControlPlane;
import ai.oneflow.operator.reconcile.Settings;
import ai.oneflow.snapshot.PushService;
import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.ProcessNodes;
import ai.oneflow.tests.cluster.TestCluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A real API server with our CRDs, and an operator beside it that may do what its ClusterRole says
/// and no more; light gateways connect with tokens that the API server made.
public final class OperatorFixture implements AutoCloseable {
  private static final String OWN_NAMESPACE = "oneflow";
  private static final int STATUS_WRITES = 100;
  private static final Path ROOT = root();

  private final TestCluster cluster;
  private final KubernetesClient admin;
  private final KubernetesClient client;
  private final Set<String> namespaces;
  private ControlPlane plane;
  private final Path folder;
  private final List<LightGateway> gateways = new ArrayList<>();

  private OperatorFixture(
      TestCluster cluster, KubernetesClient client, ControlPlane plane, Place place)
      throws IOException {
    this.cluster = cluster;
    this.admin = admin(cluster);
    this.client = client;
    this.plane = plane;
    this.folder = place.folder();
    this.namespaces = place.namespaces();
  }

  private record Place(Path folder, Set<String> namespaces) {}

  /// Starts an operator that watches these namespaces, which must be new.
  public static OperatorFixture start(Path folder, Set<String> namespaces) throws IOException {
    TestCluster.shared(); // here, since what it throws where there can be none skips the test
    TestCluster cluster = Cluster.WITH_A_NODE;
    applyCrds(cluster);
    succeed(cluster, "wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
    succeed(cluster, "apply", "-f", ROOT.resolve("operator/src/main/k8s").toString());
    namespaces.forEach(namespace -> succeed(cluster, "create", "namespace", namespace));
    KubernetesClient client = asOperator(cluster);
    ControlPlane plane = plane(client, namespaces, 0);
    Path ca = folder.resolve("ca.crt");
    Files.writeString(
        ca,
        client
            .configMaps()
            .inNamespace(OWN_NAMESPACE)
            .withName(PushTlsSecret.CONFIG_MAP)
            .get()
            .getData()
            .get(PushTlsSecret.CA_CERTIFICATE));
    return new OperatorFixture(cluster, client, plane, new Place(folder, namespaces));
  }

  /// Light gateways stand for the pods of Deployments, which become available as the node says.
  private static final class Cluster {
    static final TestCluster WITH_A_NODE = TestCluster.shared();

    static {
      ProcessNodes.hollow(WITH_A_NODE, "hollow");
    }
  }

  /// Brings back the schemas that a test changed.
  void applyCrds() {
    applyCrds(cluster);
  }

  private static void applyCrds(TestCluster cluster) {
    succeed(cluster, "apply", "-f", ROOT.resolve("crds/src/main/resources/crds").toString());
  }

  /// An operator that watches these namespaces, beside the one that a fixture starts.
  static ControlPlane plane(KubernetesClient client, Set<String> namespaces, int port)
      throws IOException {
    return ControlPlane.start(
        new Settings(
            OWN_NAMESPACE,
            namespaces,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            List.of("127.0.0.1"),
            new Settings.Pods("oneflow-gateway:test", "oneflow-operator.oneflow.svc:9443"),
            STATUS_WRITES,
            "https://pages.example/runbooks.md"),
        client);
  }

  /// Ends the operator and starts another where gateways look for it.
  void restart() throws IOException {
    int port = plane.pushPort();
    plane.close();
    plane = plane(client, namespaces, port);
  }

  private static KubernetesClient admin(TestCluster cluster) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /// A client that may do what the operator may.
  static KubernetesClient asOperator(TestCluster cluster) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    config.setClientCertData(null);
    config.setClientKeyData(null);
    config.setClientCertFile(null);
    config.setClientKeyFile(null);
    config.setOauthToken(
        succeed(cluster, "create", "token", "oneflow-operator", "-n", OWN_NAMESPACE)
            .output()
            .strip());
    return ControlPlane.client(config);
  }

  /// A gateway of `main` in this namespace, connected soon.
  LightGateway gateway(String namespace, String instance) throws IOException {
    Path token = token(namespace, "main", instance);
    LightGateway gateway =
        new LightGateway(
            new OperatorAddress("127.0.0.1", plane.pushPort(), authority(), token),
            new Self(namespace, "main", instance));
    gateways.add(gateway);
    return gateway.start();
  }

  /// A gateway of `main` that finds nobody where it looks for its operator.
  LightGateway gatewayWithoutOperator(String namespace, KeptSnapshots kept) throws IOException {
    Self self = new Self(namespace, "main", "alone");
    Path token = token(namespace, "main", "alone");
    OperatorAddress nobody = new OperatorAddress("127.0.0.1", 1, authority(), token);
    return new LightGateway(nobody, self).start(kept);
  }

  /// A file with the token that a pod of this gateway would be given.
  public Path token(String namespace, String gateway, String instance) throws IOException {
    String account = gateway + "-gateway";
    Path token = folder.resolve(namespace + "-" + instance + ".token");
    cluster.kubectl("create", "serviceaccount", account, "-n", namespace);
    return Files.writeString(
        token,
        kubectl("create", "token", account, "-n", namespace, "--audience", PushService.AUDIENCE));
  }

  /// A file with the authority that gateways trust an operator by.
  public Path authority() {
    return folder.resolve("ca.crt");
  }

  /// Where gateways find the operator, on loopback.
  public int pushPort() {
    return plane.pushPort();
  }

  public void apply(String namespace, String yaml) {
    Completed applied = cluster.kubectlWithInput(yaml, "apply", "-n", namespace, "-f", "-");
    assertThat(applied.succeeded()).describedAs(applied.stderr()).isTrue();
  }

  /// What kubectl prints.
  public String kubectl(String... arguments) {
    return succeed(cluster, arguments).output();
  }

  /// Waits as a pipeline would.
  public void awaitReady(String namespace, String resource) {
    kubectl("wait", "--for=condition=Ready", resource, "-n", namespace, "--timeout=15s");
  }

  /// A condition as `status reason message`.
  String condition(String namespace, String resource, String type) {
    String path = "{range .status.conditions[?(@.type==\"%s\")]}".formatted(type);
    return kubectl(
        "get",
        resource,
        "-n",
        namespace,
        "-o",
        "jsonpath=" + path + "{.status} {.reason} {.message}{end}");
  }

  /// A client that may do everything, as kubectl here does.
  KubernetesClient admin() {
    return admin;
  }

  @Override
  public void close() {
    plane.close();
    gateways.forEach(LightGateway::close);
    client.close();
    admin.close();
  }

  private static Completed succeed(TestCluster cluster, String... arguments) {
    Completed completed = cluster.kubectl(arguments);
    assertThat(completed.succeeded())
        .describedAs("kubectl %s: %s", String.join(" ", arguments), completed.stderr())
        .isTrue();
    return completed;
  }

  private static Path root() {
    return Path.of(System.getProperty("oneflow.root", "..")).toAbsolutePath().normalize();
  }
}
