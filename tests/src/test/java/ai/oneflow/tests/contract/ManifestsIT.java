package ai.oneflow.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.validation.Verdict;
import ai.oneflow.tests.cluster.TestCluster;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every example on the real API server: the rejected ones are refused with the sentences that
/// they expect, and the judge says the same, word for word.
final class ManifestsIT {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private static TestCluster cluster;

  @BeforeAll
  static void applyCrds() {
    cluster = TestCluster.shared();
    Path crds =
        Path.of(System.getProperty("oneflow.root", "..")).resolve("crds/src/main/resources/crds");
    kubectl("apply", "--server-side", "--force-conflicts", "--filename", crds.toString());
    kubectl("wait", "--for=condition=Established", "--timeout=30s", "--filename", crds.toString());
  }

  static List<Example> rejected() {
    return Example.tryAll(TestCluster.shared(), "rejected");
  }

  static List<Example> accepted() {
    return Example.tryAll(TestCluster.shared(), "accepted");
  }

  static List<Example> quickstart() {
    return Example.tryAll(TestCluster.shared(), "quickstart");
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void theServerRefusesWithTheExpectedSentence(Example example) {
    assertThat(example.server().succeeded()).isFalse();
    assertThat(example.expectations())
        .isNotEmpty()
        .allSatisfy(expected -> assertThat(example.server().stderr()).contains(expected));
    assertThat(example.findings())
        .as("what the judge finds, compared with the API server")
        .containsExactlyInAnyOrderElementsOf(example.serverFindings());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void theServerMakesTheSameResourceAsTheJudge(Example example) {
    String json = example.server().output();
    CustomResource<?, ?> judged = ((Verdict.Accepted) example.verdicts().getFirst()).resource();

    CustomResource<?, ?> stored = SERIALIZATION.unmarshal(json, judged.getClass());

    assertThat(stored.getSpec()).isEqualTo(judged.getSpec());
  }

  static List<Example> limits() {
    return Example.tryAll(TestCluster.shared(), "limits");
  }

  @ParameterizedTest
  @MethodSource({"quickstart", "limits"})
  void whatPeopleStartFromIsAccepted(Example example) {
    assertThat(example.server().output()).isNotEmpty();
    assertThat(example.findings()).isEmpty();
  }

  @Test
  void theSecretOfAKeyCannotChange() {
    kubectl("create", "namespace", "manifests");
    apply("{secretName: first}");

    for (String spec : List.of("{secretName: second}", "{}")) {
      var refused = cluster.kubectlWithInput(key(spec), "apply", "-n", "manifests", "-f", "-");

      assertThat(refused.stderr()).contains("spec: Invalid value: secretName cannot change");
    }
    assertThat(kubectl("get", "oneflow", "-n", "manifests")).contains("apikey.oneflow.ai/alice");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llmp.spec.models.prices.cachedInput",
        "rp.spec.targets.weight",
        "ak.spec.rotation.grace",
        "qp.spec.onRedisUnavailable",
        "llmgw.spec.listener.maxRequestSize",
        "llmgw.status.convergence"
      })
  void explainSaysWhatAFieldMeans(String field) {
    String explained = kubectl("explain", field);

    assertThat(explained).contains("DESCRIPTION:").doesNotContain("<no description>");
  }

  @ParameterizedTest
  @MethodSource("columns")
  void aListAnswersTheFirstQuestion(String resource, List<String> columns) {
    String crd =
        kubectl(
            "get",
            "crd",
            resource + ".oneflow.ai",
            "--output=jsonpath={.spec.versions[0].additionalPrinterColumns[*].name}");

    assertThat(crd.split(" ")).contains("Ready", "Reason", "Age").containsAll(columns);
  }

  static Stream<Arguments> columns() {
    return Stream.of(
        Arguments.of("llmproviders", List.of("Dialect", "Endpoint")),
        Arguments.of("routingpolicies", List.of("Models", "Strategy")),
        Arguments.of("apikeys", List.of("User", "Project", "Prefix")),
        Arguments.of("quotapolicies", List.of("Requests", "Mode")),
        Arguments.of("llmgateways", List.of("Connected", "Acknowledged", "Snapshot")));
  }

  private static void apply(String spec) {
    assertThat(cluster.kubectlWithInput(key(spec), "apply", "-n", "manifests", "-f", "-").output())
        .contains("created");
  }

  private static String key(String spec) {
    return "{apiVersion: oneflow.ai/v1alpha1, kind: ApiKey, metadata: {name: alice}, spec: %s}"
        .formatted(spec);
  }

  private static String kubectl(String... arguments) {
    return cluster.kubectl(arguments).output();
  }
}
