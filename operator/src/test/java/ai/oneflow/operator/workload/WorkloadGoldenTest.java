package ai.oneflow.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.operator.Manifests;
import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.build.Quarantine;
import ai.oneflow.operator.build.SnapshotBuilder;
import ai.oneflow.operator.resolve.Resolution;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each folder of `workloads` is a case: an LLMGateway and what it serves in, its dependents out.
/// Annotations on it say what the cluster has: `golden/kinds`, `golden/replicas`.
/// `-Dgolden.write=true` writes the outcome down; read it before you commit it.
class WorkloadGoldenTest {
  private static final Path CASES = Path.of("src/test/resources/workloads").toAbsolutePath();
  private static final String INPUT = "input.yaml";
  private static final String DEPENDENTS = "dependents.yaml";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Ground GROUND =
      new Ground(
          "registry.example/oneflow-gateway:1.2.3",
          "oneflow-operator.oneflow.svc:9443",
          "oneflow",
          "(the authority's certificate)\n",
          "https://pages.example/runbooks.md");

  static List<String> folders() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void thereAreCasesAndNothingElse() throws IOException {
    assertThat(folders()).hasSizeGreaterThan(7).allMatch(f -> Files.isDirectory(CASES.resolve(f)));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void comesOutAsWrittenDown(String name) throws IOException {
    Path folder = CASES.resolve(name);
    String dependents = dependents(Files.readString(folder.resolve(INPUT)));
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(folder.resolve(DEPENDENTS), dependents);
    }

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString())).containsOnly(INPUT, DEPENDENTS);
    }
    assertThat(dependents).isEqualTo(Files.readString(folder.resolve(DEPENDENTS)));
  }

  private static String dependents(String yaml) throws IOException {
    Manifests manifests = Manifests.parse(yaml);
    LLMGateway gateway = manifests.list(LLMGateway.class).getFirst();
    gateway.getMetadata().setUid("7d1e0d1c-0000-4000-8000-000000000001");
    GatewayId id =
        new GatewayId(gateway.getMetadata().getNamespace(), gateway.getMetadata().getName());
    Wanted wanted =
        new Wanted(
            gateway,
            EgressPorts.of(
                SnapshotBuilder.build(id, Resolution.of(manifests.resources()), Quarantine.EMPTY)
                    .snapshot()));
    StringBuilder text = new StringBuilder();
    for (HasMetadata dependent : Workload.of(wanted, GROUND, around(gateway))) {
      text.append(Serialization.asYaml(sorted(dependent)));
    }
    return text.toString();
  }

  private static Workload.Around around(LLMGateway gateway) {
    Map<String, String> said =
        gateway.getMetadata().getAnnotations() == null
            ? Map.of()
            : gateway.getMetadata().getAnnotations();
    return new Workload.Around(
        said.containsKey("golden/replicas")
            ? OptionalInt.of(Integer.parseInt(said.get("golden/replicas")))
            : OptionalInt.empty(),
        Stream.of(said.getOrDefault("golden/kinds", "").split(",", -1))
            .filter(kind -> !kind.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /// By name, so that no line moves for any reason but its own.
  private static Map<String, Object> sorted(HasMetadata dependent) throws IOException {
    JsonNode tree = MAPPER.readTree(Serialization.asJson(dependent));
    return fields(tree);
  }

  private static Map<String, Object> fields(JsonNode object) {
    Map<String, Object> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      sorted.put(field.getKey(), value(field.getValue()));
    }
    return sorted;
  }

  private static Object value(JsonNode node) {
    if (node.isObject()) {
      return fields(node);
    }
    if (node.isArray()) {
      return Stream.iterate(0, i -> i < node.size(), i -> i + 1)
          .map(i -> value(node.get(i)))
          .toList();
    }
    return MAPPER.convertValue(node, Object.class);
  }

  @Test
  void theSameComesOutTwice() throws IOException {
    String input = Files.readString(CASES.resolve(folders().getFirst()).resolve(INPUT));

    assertThat(Set.of(dependents(input))).containsOnly(dependents(input));
  }
}
