package ai.oneflow.api.validation;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ai.oneflow.api.schema.Repository;
import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.Budget;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestJudgeTest {
  private static final ManifestJudge JUDGE = new ManifestJudge();

  static Stream<Path> rejected() {
    return files("examples/rejected");
  }

  static Stream<Path> accepted() {
    return Stream.of("examples/accepted", "examples/quickstart", "examples/limits")
        .flatMap(ManifestJudgeTest::files);
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
  void pointsAtTheCharacterWhereLimitsGoWrong() {
    String yaml =
        Repository.read(Repository.file("examples/rejected/key-limit-second-of-two.yaml"));

    Verdict.Refused refused = (Verdict.Refused) JUDGE.judge(yaml).getFirst();

    assertThat(refused.findings())
        .singleElement()
        .extracting(Finding::sentence, as(STRING))
        .endsWith(
            "; at character 15: expected one of second, minute, hour, day, week or month,"
                + " not 'minuet': '100/minute,10/^minuet,1/day'");
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

  @ParameterizedTest
  @CsvSource({
    "1_0,10",
    "0x10,16",
    "010,8",
    "0o10,8",
    "0b11,3",
    "09,9",
    "1e3,1000",
    "2.0,2",
    "+7,7",
    "0,0"
  })
  void readsNumbersAsKubectlDoes(String written, int meant) {
    Verdict verdict =
        JUDGE.judge(manifest("ApiKey", "{maxConcurrent: " + written + "}")).getFirst();

    ApiKey key = (ApiKey) ((Verdict.Accepted) verdict).resource();
    assertThat(key.getSpec().maxConcurrent()).isEqualTo(meant);
  }

  @Test
  void takesForTextWhatIsTaggedAsText() {
    Verdict verdict =
        JUDGE.judge(manifest("ApiKey", "{user: !!str 5, project: !!str yes}")).getFirst();

    ApiKey key = (ApiKey) ((Verdict.Accepted) verdict).resource();
    assertThat(key.getSpec().user()).isEqualTo("5");
    assertThat(key.getSpec().project()).isEqualTo("yes");
  }

  @Test
  void mergesGoOverWhatStandsBeforeThemAsWithKubectl() {
    String spec =
        "{budgets: [&b {amount: '1', window: Day}, {window: Week, <<: *b}, {<<: *b, window: Total}]}";

    Verdict verdict = JUDGE.judge(manifest("ApiKey", spec)).getFirst();

    ApiKey key = (ApiKey) ((Verdict.Accepted) verdict).resource();
    assertThat(key.getSpec().budgets())
        .extracting(Budget::window)
        .containsExactly(Budget.Window.DAY, Budget.Window.DAY, Budget.Window.TOTAL);
  }

  static Stream<String> tooMuch() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 25; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return Stream.of(
        bomb.toString(),
        "a: &x {b: *x}",
        "a: &x {<<: *x}",
        "a: " + "[".repeat(100_000),
        "{a: ".repeat(5_000) + "}".repeat(5_000),
        "a: " + "x".repeat(10_000_000));
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void refusesWhatWouldEatMemoryStackOrTime(String yaml) {
    assertThat(JUDGE.judge(yaml)).singleElement().isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void aRuleAboutAChangeIsAskedOnlyWhereThereIsSomethingBefore() {
    ApiKey plain = key("{}");
    ApiKey named = key("{secretName: first}");

    assertThat(change("{secretName: second}", named)).contains("secretName cannot change");
    assertThat(change("{}", named)).contains("secretName cannot change");
    assertThat(change("{secretName: first}", plain)).contains("secretName cannot change");
    assertThat(change("{secretName: first, user: bob}", named)).isEmpty();
    assertThat(change("{user: bob}", plain)).isEmpty();
  }

  private static ApiKey key(String spec) {
    Verdict verdict = JUDGE.judge(manifest("ApiKey", spec)).getFirst();
    return (ApiKey) ((Verdict.Accepted) verdict).resource();
  }

  private static String change(String spec, ApiKey former) {
    YamlDocument document = YamlDocument.readAll(manifest("ApiKey", spec)).getFirst();
    return switch (JUDGE.judge((YamlDocument.Read) document, Optional.of(former))) {
      case Verdict.Refused(List<Finding> findings) -> findings.getFirst().message();
      case Verdict.Accepted _, Verdict.OtherKind _ -> "";
    };
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

  private static Stream<Path> files(String folder) {
    try (Stream<Path> files = Files.list(Repository.file(folder))) {
      return files.sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
