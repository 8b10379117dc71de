package ai.oneflow.tests.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.tests.cluster.Completed;
import ai.oneflow.tests.cluster.Helm;
import ai.oneflow.tests.cluster.TestCluster;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the chart renders, beside what kustomize does.
class ChartIT {
  private static final String CHART = "deploy/helm/oneflow";
  private static final String NAMESPACE = "oneflow";

  @TempDir Path folder;
  private Helm helm;

  @BeforeEach
  void findHelm() {
    helm = Helm.orSkip(folder);
  }

  @Test
  void defaultsRenderTheBase() {
    Map<String, JsonNode> base = kustomized("base");
    Map<String, JsonNode> rendered = rendered();

    // Helm makes the namespace itself, or cannot keep its release there.
    assertThat(base.remove("Namespace /" + NAMESPACE)).isNotNull();
    assertThat(rendered).hasSizeGreaterThan(12).isEqualTo(base);
  }

  @ParameterizedTest
  @ValueSource(strings = {"production", "development"})
  void valuesRenderTheOverlayOfTheirName(String name) {
    Map<String, JsonNode> rendered =
        rendered("-f", "deploy/helm/values/" + name + ".yaml", "--set", "namespace.create=true");

    assertThat(rendered).isEqualTo(kustomized("overlays/" + name));
  }

  @Test
  void customResourcesOutliveAReleaseUnlessItIsAskedOtherwise() {
    assertThat(kept(template())).hasSize(5).allMatch(name -> name.endsWith(".oneflow.ai"));
    assertThat(kept(template("--set", "crds.keep=false"))).isEmpty();
    assertThat(rendered("--set", "crds.create=false").keySet())
        .isNotEmpty()
        .noneMatch(name -> name.startsWith("CustomResourceDefinition"));
  }

  @Test
  void everyObjectGoesWhereTheReleaseDoes() {
    String other =
        helm.run("template", "gate", CHART, "-n", "llm", "--set", "namespace.create=true").output();

    assertThat(Rendered.of(other).keySet())
        .contains("Namespace /llm", "Deployment llm/oneflow-operator", "Role llm/oneflow-operator");
    assertThat(other).doesNotContain("namespace: oneflow");
  }

  @Test
  void everyValueGetsWhereItBelongs() {
    Map<String, JsonNode> rendered =
        rendered(
            "--set-json",
            """
                imagePullSecrets=[{"name":"registry"}],tolerations=[{"key":"spot"}],\
                nodeSelector={"pool":"llm"},podLabels={"team":"ml"},podAnnotations={"a":"b"},\
                affinity={"nodeAffinity":{}},priorityClassName="high",watchNamespaces=["a","b"],\
                env=[{"name":"TZ","value":"UTC"}],image={"digest":"sha256:%1$s"},\
                gateway={"image":{"digest":"sha256:%1$s"}}"""
                .formatted("0".repeat(64)));
    JsonNode pod =
        Objects.requireNonNull(rendered.get("Deployment oneflow/oneflow-operator"))
            .at("/spec/template");

    assertThat(pod.at("/metadata/labels/team").asText()).isEqualTo("ml");
    assertThat(pod.at("/metadata/annotations/a").asText()).isEqualTo("b");
    assertThat(pod.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("registry");
    assertThat(pod.at("/spec/tolerations/0/key").asText()).isEqualTo("spot");
    assertThat(pod.at("/spec/nodeSelector/pool").asText()).isEqualTo("llm");
    assertThat(pod.at("/spec/affinity").has("nodeAffinity")).isTrue();
    assertThat(pod.at("/spec/priorityClassName").asText()).isEqualTo("high");
    JsonNode container = pod.at("/spec/containers/0");
    String digest = "@sha256:" + "0".repeat(64);
    assertThat(container.get("image").asText()).isEqualTo("oneflow-operator" + digest);
    assertThat(container.get("env").toString())
        .contains("oneflow-gateway" + digest, "\"a,b\"", "\"TZ\"");
  }

  @ParameterizedTest
  @CsvSource({
    "replicas=two, /replicas",
    "replica=2, replica",
    "image.tag=a b, /image/tag",
    "image.digest=abc, /image/digest",
    "image.pullPolicy=Sometimes, /image/pullPolicy",
    "resources.memory=1Gi, memory"
  })
  void mistakesInValuesAreNamed(String value, String named) {
    Completed refused = helm.run("template", "oneflow", CHART, "--set", value);

    assertThat(refused.succeeded()).isFalse();
    assertThat(refused.stderr()).contains(named);
  }

  @Test
  void helmHasNothingToSayAgainstIt() {
    assertThat(helm.run("lint", "--strict", CHART).output())
        .contains("1 chart(s) linted, 0 chart(s) failed")
        .doesNotContain("[WARNING]", "[ERROR]");
  }

  private Map<String, JsonNode> rendered(String... arguments) {
    Map<String, JsonNode> objects = Rendered.of(template(arguments));
    // Says what Helm does at the end of a release, and nothing to Kubernetes.
    objects.values().stream()
        .filter(object -> object.path("kind").asText().equals("CustomResourceDefinition"))
        .forEach(object -> ((ObjectNode) object.get("metadata")).remove("annotations"));
    return objects;
  }

  private String template(String... arguments) {
    List<String> all = List.of("template", "oneflow", CHART, "-n", NAMESPACE);
    return helm.run(Stream.concat(all.stream(), Stream.of(arguments)).toArray(String[]::new))
        .output();
  }

  private static List<String> kept(String manifests) {
    return Rendered.of(manifests).values().stream()
        .filter(o -> o.at("/metadata/annotations/helm.sh~1resource-policy").asText().equals("keep"))
        .map(object -> object.at("/metadata/name").asText())
        .toList();
  }

  private static Map<String, JsonNode> kustomized(String which) {
    return Rendered.of(TestCluster.kubectlAlone("kustomize", "deploy/kustomize/" + which).output());
  }
}
