package ai.oneflow.api.validation;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.api.schema.Repository;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestJudgeTest {
  private static final ManifestJudge JUDGE = new ManifestJudge();

  static Stream<Path> rejected() throws IOException {
    return files("examples/rejected");
  }

  static Stream<Path> accepted() throws IOException {
    return Stream.concat(files("examples/accepted"), files("examples/quickstart"));
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void refusesWithTheSentenceThatTheExampleExpects(Path file) {
    String yaml = Repository.read(file);

    List<Verdict> verdicts = JUDGE.judge(yaml);

    assertThat(verdicts).singleElement().isInstanceOf(Verdict.Refused.class);
    Verdict.Refused refused = (Verdict.Refused) verdicts.getFirst();
    assertThat(Repository.expectations(yaml))
        .isNotEmpty()
        .allSatisfy(
            expected ->
                assertThat(refused.findings())
                    .anySatisfy(finding -> assertThat(finding.message()).contains(expected)));
    assertThat(refused.findings()).allSatisfy(finding -> assertThat(finding.line()).isPositive());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void acceptsWhatTheExamplesShow(Path file) {
    assertThat(JUDGE.judge(Repository.read(file)))
        .isNotEmpty()
        .allSatisfy(verdict -> assertThat(verdict).isNotInstanceOf(Verdict.Refused.class));
  }

  @Test
  void namesTheLineOfTheMistake() {
    String yaml =
        """
        # a comment
        apiVersion: oneflow.ai/v1alpha1
        kind: ApiKey
        metadata:
          name: alice
        spec:
          user: alice
          budgets:
            - amount: "1"
            - window: Day
              amount: 5 dollars
        """;

    assertThat(JUDGE.judge(yaml))
        .containsExactly(
            new Verdict.Refused(
                2,
                "ApiKey \"alice\"",
                List.of(
                    new Finding(
                        "spec.budgets[1].amount",
                        11,
                        "spec.budgets[1].amount: Invalid value: \"5 dollars\": an amount is a"
                            + " decimal string with at most six decimals and no sign, as in"
                            + " \"2.50\""))));
  }

  @Test
  void namesTheLineAroundWhatIsMissing() {
    Verdict verdict =
        JUDGE
            .judge(
                """
                apiVersion: oneflow.ai/v1alpha1
                kind: RoutingPolicy
                metadata: {name: smart}
                spec:
                  models: [smart]
                  targets:
                    - provider: {name: openai}
                      model: gpt-4o
                    - provider: {name: azure}
                """)
            .getFirst();

    assertThat(((Verdict.Refused) verdict).findings())
        .containsExactly(
            new Finding("spec.targets[1].model", 9, "spec.targets[1].model: Required value"));
  }

  @Test
  void fillsInDefaultsAsTheApiServerDoes() {
    Verdict verdict = JUDGE.judge(manifest("LLMGateway", "{}")).getFirst();

    LLMGateway gateway = (LLMGateway) ((Verdict.Accepted) verdict).resource();
    assertThat(gateway.getSpec().listener().port()).isEqualTo(8000);
    assertThat(gateway.getSpec().defaults().requestsPerUser()).hasToString("1000/hour");
  }

  @Test
  void readsSeveralDocumentsAndPassesOverEmptyOnes() {
    String yaml =
        "---\n# nothing\n---\n"
            + manifest("ApiKey", "{}")
            + "---\napiVersion: v1\nkind: Secret\nmetadata: {name: openai}\n---\n"
            + manifest("ApiKey", "{models: 1}");

    assertThat(JUDGE.judge(yaml))
        .extracting(verdict -> (Object) verdict.getClass())
        .containsExactly(Verdict.Accepted.class, Verdict.OtherKind.class, Verdict.Refused.class);
  }

  @Test
  void readsWordsAsKubectlDoes() {
    Verdict verdict = JUDGE.judge(manifest("ApiKey", "{suspended: yes}")).getFirst();

    ApiKey key = (ApiKey) ((Verdict.Accepted) verdict).resource();
    assertThat(key.getSpec().suspended()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: [b",
        "a: b: c",
        "\t- x",
        "- a\n- b\n",
        "just text",
        "a: &x {b: *x}",
        "a: 1\na: 2\n",
        "kind: ApiKey",
        "apiVersion: oneflow.ai/v1alpha1",
        "apiVersion: oneflow.ai/v1alpha1\nkind: Apikey\n",
        "apiVersion: oneflow.ai/v1\nkind: ApiKey\n",
        "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKey\nspec: 7\nmetadata: 8\n",
        "apiVersion: [1]\nkind: {a: b}\n",
        "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKey\nmetadata: {name: Alice}\nspec: {}\n",
        "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKey\nmetadata: {name: a}\n",
        "apiVersion: oneflow.ai/v1alpha1\nkind: ApiKey\nmetadata: {name: a}\nspec: null\n",
      })
  void refusesWhatIsNoManifestWithALine(String yaml) {
    assertThat(JUDGE.judge(yaml))
        .last()
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused ->
                assertThat(refused.findings())
                    .isNotEmpty()
                    .allSatisfy(finding -> assertThat(finding.line()).isPositive()));
  }

  @Test
  void theProviderOfTheQuickstartIsTyped() {
    String yaml = Repository.read(Repository.file("examples/quickstart/2-provider.yaml"));

    Verdict verdict = JUDGE.judge(yaml).getFirst();

    LLMProvider provider = (LLMProvider) ((Verdict.Accepted) verdict).resource();
    assertThat(provider.getSpec().models().getFirst().prices().getFirst().output())
        .hasToString("10.00");
  }

  private static String manifest(String kind, String spec) {
    return """
    apiVersion: oneflow.ai/v1alpha1
    kind: %s
    metadata: {name: some}
    spec: %s
    """
        .formatted(kind, spec);
  }

  private static Stream<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Repository.file(folder))) {
      return files.sorted().toList().stream();
    }
  }
}
