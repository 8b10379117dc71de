package ai.oneflow.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class TestClusterIT {

  private static final String SERVICE_ACCOUNT_OF = "system:serviceaccount:%s:default";

  private static TestCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster = TestCluster.shared();
  }

  @Test
  void serverAndKubectlAreOfTheVersionThatWasBuilt() {
    String versions = kubectl("version").output();

    assertThat(versions).contains("Client Version: v1.36.").contains("Server Version: v1.36.");
    assertThat(kubectl("get --raw /readyz").output()).isEqualTo("ok");
  }

  @Test
  void onlyItsUserReadsTheKubeconfig() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cluster.kubeconfig())))
        .isEqualTo("rw-------");
  }

  @Test
  void keepsWhatIsApplied() {
    String namespace = newNamespace("applied");

    apply(cluster, namespace, configMap("kept"));

    assertThat(greeting(cluster, namespace)).isEqualTo("kept");
  }

  @Test
  void refusesAnInvalidObjectInTheServersWords() {
    Completed refused =
        cluster.kubectlWithInput(
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: Not_A_Name}}", "apply", "-f", "-");

    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.stderr()).contains("metadata.name: Invalid value: \"Not_A_Name\"");
  }

  @Test
  void givesANewNamespaceWhatItsPodsNeed() {
    String namespace = newNamespace("provided");

    assertThat(awaited(namespace, "create", "serviceaccount/default")).isTrue();
    assertThat(awaited(namespace, "create", "configmap/kube-root-ca.crt")).isTrue();
  }

  @Test
  void reviewsTheTokensThatItIssues() {
    String namespace = newNamespace("reviewed");
    String token = tokenOfDefaultServiceAccount(namespace);

    assertThat(review(token)).isEqualTo(SERVICE_ACCOUNT_OF.formatted(namespace));
    assertThat(review(token + "x")).contains("invalid bearer token");
  }

  @Test
  void forbidsWhatNoRoleAllows() {
    String namespace = newNamespace("forbidden");
    String token = tokenOfDefaultServiceAccount(namespace);

    Completed forbidden = kubectl("get secrets -n %s --token %s".formatted(namespace, token));

    assertThat(forbidden.succeeded()).isFalse();
    assertThat(forbidden.stderr())
        .contains("Forbidden")
        .contains(SERVICE_ACCOUNT_OF.formatted(namespace));
  }

  @Test
  void allowsWhatARoleAllows() {
    String namespace = newNamespace("allowed");
    String token = tokenOfDefaultServiceAccount(namespace);
    kubectl("create role reader -n %s --verb=list --resource=secrets".formatted(namespace))
        .output();
    kubectl(
            "create rolebinding reader -n %1$s --role=reader --serviceaccount=%1$s:default"
                .formatted(namespace))
        .output();

    assertThat(kubectl("get secrets -n %s --token %s".formatted(namespace, token)).succeeded())
        .isTrue();
  }

  @Test
  void aDeploymentGetsItsPodsAndTheSchedulerLooksForANode() {
    String namespace = newNamespace("scheduled");

    apply(
        cluster,
        namespace,
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: idle}
        spec:
          selector: {matchLabels: {app: idle}}
          template:
            metadata: {labels: {app: idle}}
            spec:
              nodeSelector: {node: none-has-this}
              containers: [{name: none, image: none}]
        """);

    assertThat(awaited(namespace, "create", "pod -l app=idle")).isTrue();
    assertThat(awaited(namespace, "condition=PodScheduled=false", "pod -l app=idle")).isTrue();
  }

  @Test
  void clustersSideBySideShareNothing() {
    String namespace = newNamespace("apart");
    try (TestCluster other = TestCluster.start()) {
      apply(cluster, "default", configMap("one"));
      apply(other, "default", configMap("other"));

      assertThat(greeting(cluster, "default")).isEqualTo("one");
      assertThat(greeting(other, "default")).isEqualTo("other");
      assertThat(other.kubectl("get", "namespace", namespace).stderr()).contains("NotFound");
    }
    assertThat(greeting(cluster, "default")).isEqualTo("one");
  }

  @Test
  void leavesNothingBehind() {
    TestCluster ended = TestCluster.start();
    var servers = ended.processes();

    ended.close();

    assertThat(servers).hasSize(5).noneMatch(ProcessHandle::isAlive);
    assertThat(ended.kubeconfig().getParent()).doesNotExist();
  }

  private static String newNamespace(String name) {
    kubectl("create namespace %s".formatted(name)).output();
    return name;
  }

  private static String configMap(String hello) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: greeting}, data: {hello: %s}}"
        .formatted(hello);
  }

  private static void apply(TestCluster to, String namespace, String manifest) {
    to.kubectlWithInput(manifest, "apply", "-n", namespace, "-f", "-").output();
  }

  private static String greeting(TestCluster in, String namespace) {
    return in.kubectl(
            "get", "configmap", "greeting", "-n", namespace, "-o", "jsonpath={.data.hello}")
        .output();
  }

  private static boolean awaited(String namespace, String condition, String what) {
    return kubectl("wait --for=%s --timeout=30s -n %s %s".formatted(condition, namespace, what))
        .succeeded();
  }

  private static Completed kubectl(String line) {
    return cluster.kubectl(line.split(" "));
  }

  /// From the TokenRequest API.
  private static String tokenOfDefaultServiceAccount(String namespace) {
    awaited(namespace, "create", "serviceaccount/default");
    return kubectl("create token default -n %s".formatted(namespace)).output();
  }

  /// What the TokenReview API says: whose the token is, or why it is nobody's.
  private static String review(String token) {
    return cluster
        .kubectlWithInput(
            "{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {token: %s}}"
                .formatted(token),
            "create",
            "-f",
            "-",
            "-o",
            "jsonpath={.status.user.username}{.status.error}")
        .output();
  }
}
