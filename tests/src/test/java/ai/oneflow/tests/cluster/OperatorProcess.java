package ai.oneflow.tests.cluster;

import static org.awaitility.Awaitility.await;

import ai.oneflow.operator.OperatorMain;
import ai.oneflow.operator.push.PushTlsSecret;
import ai.oneflow.servers.FreePort;
import ai.oneflow.servers.Program;
import ai.oneflow.tests.process.JavaProgram;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// An operator in a process of its own, with the rights of its account on a cluster that has them.
public final class OperatorProcess {
  /// The account's namespace.
  public static final String NAMESPACE = "oneflow";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private OperatorProcess() {}

  /// Gives a cluster the CRDs and the account.
  public static void install(TestCluster cluster) {
    cluster.kubectl("apply", "-f", "crds/src/main/resources/crds").output();
    cluster
        .kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
        .output();
    cluster.kubectl("apply", "-f", "operator/src/main/k8s").output();
  }

  /// A client of an administrator.
  public static KubernetesClient admin(TestCluster cluster) throws IOException {
    Config config = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  /// @param folder for its kubeconfig and its log
  /// @param jvm options of the virtual machine
  /// @param port where gateways find it, on loopback
  /// @param more arguments
  public static Program start(
      TestCluster cluster, Path folder, List<String> jvm, int port, String... more)
      throws IOException {
    String server = Config.fromKubeconfig(Files.readString(cluster.kubeconfig())).getMasterUrl();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("env", "KUBECONFIG=" + kubeconfig(cluster, folder, server)));
    command.addAll(command(jvm, port, more));
    return Program.start(command, folder.resolve("operator.log"));
  }

  /// What starts one, in an environment whose `KUBECONFIG` is a [#kubeconfig].
  ///
  /// @param port where gateways find it, on loopback
  public static List<String> command(List<String> jvm, int port, String... more)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--push-host", "127.0.0.1", "--push-port", String.valueOf(port)));
    arguments.addAll(List.of("--management-host", "127.0.0.1"));
    arguments.addAll(List.of("--management-port", String.valueOf(FreePort.take())));
    arguments.addAll(List.of(more));
    return JavaProgram.command(jvm, OperatorMain.class, arguments);
  }

  /// Of the operator's account.
  ///
  /// @param server where it finds the API server, or who passes to it
  public static Path kubeconfig(TestCluster cluster, Path folder, String server)
      throws IOException {
    Config admin = Config.fromKubeconfig(Files.readString(cluster.kubeconfig()));
    String token =
        cluster
            .kubectl("create", "token", "oneflow-operator", "-n", NAMESPACE, "--duration=2h")
            .output();
    return Files.writeString(
        folder.resolve("operator.kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: it
        contexts: [{name: it, context: {cluster: it, user: it}}]
        clusters: [{name: it, cluster: {server: "%s", certificate-authority-data: "%s"}}]
        users: [{name: it, user: {token: "%s"}}]
        """
            .formatted(server, admin.getCaCertData(), token.strip()));
  }

  /// A file with what gateways know it by, once it says so.
  public static Path authority(TestCluster cluster, Path folder) throws IOException {
    await().atMost(PATIENCE).until(() -> !authority(cluster).isEmpty());
    return Files.writeString(folder.resolve("ca.crt"), authority(cluster));
  }

  private static String authority(TestCluster cluster) {
    return cluster
        .kubectl(
            "get",
            "configmap",
            PushTlsSecret.CONFIG_MAP,
            "-n",
            NAMESPACE,
            "--ignore-not-found",
            "-o",
            "jsonpath={.data.ca\\.crt}")
        .output();
  }
}
