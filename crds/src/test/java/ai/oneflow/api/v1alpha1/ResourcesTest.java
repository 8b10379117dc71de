package ai.oneflow.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.schema.Repository;
import ai.oneflow.api.validation.ManifestJudge;
import ai.oneflow.api.validation.Verdict;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ResourcesTest {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
  private static final ManifestJudge JUDGE = new ManifestJudge();

  static Stream<Path> accepted() throws IOException {
    try (Stream<Path> files = Files.list(Repository.file("examples/accepted"))) {
      // The plain reader is one of YAML 1.2, which has no merges.
      return files.filter(f -> !f.endsWith("provider-anchors.yaml")).sorted().toList().stream();
    }
  }

  /// The judge goes through the schema's defaults, a plain reader only through the records'.
  @ParameterizedTest
  @MethodSource("accepted")
  void theRecordsHaveTheDefaultsOfTheSchema(Path file) {
    String yaml = Repository.read(file);
    CustomResource<?, ?> judged = ((Verdict.Accepted) JUDGE.judge(yaml).getFirst()).resource();

    CustomResource<?, ?> read = SERIALIZATION.unmarshal(yaml, judged.getClass());

    assertThat(read.getSpec()).isEqualTo(judged.getSpec());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void aSpecReadsBackAsItWasWritten(Path file) {
    CustomResource<?, ?> read = SERIALIZATION.unmarshal(Repository.read(file), typeOf(file));

    String json = SERIALIZATION.asJson(read);

    assertThat(SERIALIZATION.unmarshal(json, typeOf(file)).getSpec()).isEqualTo(read.getSpec());
    assertThat(JUDGE.judge(json)).first().isInstanceOf(Verdict.Accepted.class);
  }

  @Test
  void durationsMoneyAndTimesAreWrittenAsManifestsDo() throws IOException {
    Path file = Repository.file("examples/accepted/provider-everything.yaml");
    LLMProvider provider = SERIALIZATION.unmarshal(Repository.read(file), LLMProvider.class);

    JsonNode spec = new ObjectMapper().readTree(SERIALIZATION.asJson(provider)).get("spec");

    assertThat(spec.at("/timeouts/total").asText()).isEqualTo("2m");
    assertThat(spec.at("/models/0/prices/1/cacheWrite5m").textValue()).isEqualTo("3.125");
    assertThat(spec.at("/models/0/prices/1/validFrom").asText()).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(spec.at("/dialect").asText()).isEqualTo("OpenAI");
  }

  @Test
  void environmentValuesDoNotShow() {
    EnvVar variable = new EnvVar("HTTPS_PROXY", "http://alice:" + "hidden@proxy", null);

    PodTemplate template =
        new PodTemplate(Map.of(), Map.of(), Map.of(), List.of(), List.of(variable));

    assertThat(template.toString()).contains("HTTPS_PROXY").doesNotContain("hidden");
  }

  @Test
  void aDialectThatEverybodyReachesAtOnePlaceNeedsNoEndpoint() {
    String yaml = Repository.read(Repository.file("examples/accepted/provider-anthropic.yaml"));

    LLMProvider provider = SERIALIZATION.unmarshal(yaml, LLMProvider.class);

    assertThat(provider.getSpec().effectiveEndpoint())
        .hasValueSatisfying(
            endpoint -> assertThat(endpoint).hasToString("https://api.anthropic.com/v1"));
  }

  @Test
  void everyConditionHasReasonsForBothAnswers() {
    for (ConditionType type : ConditionType.values()) {
      assertThat(ConditionReason.values())
          .filteredOn(reason -> reason.type() == type)
          .extracting(ConditionReason::holds)
          .contains(true, false);
    }
    assertThat(ConditionReason.values()).extracting(ConditionReason::text).doesNotHaveDuplicates();
  }

  private static Class<? extends CustomResource<?, ?>> typeOf(Path file) {
    String kind = String.valueOf(file.getFileName()).split("[-.]", 2)[0];
    return switch (kind) {
      case "provider" -> LLMProvider.class;
      case "policy" -> RoutingPolicy.class;
      case "key" -> ApiKey.class;
      case "quota" -> QuotaPolicy.class;
      default -> LLMGateway.class;
    };
  }
}
