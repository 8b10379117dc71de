package ai.oneflow.standalone.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class YamlTextTest {
  private static final Path FILE = Path.of("a.yaml");
  private static final String TWO =
      """
      # a comment
      kind: One
      spec: {models: [a, b]}
      ---
      kind: Two
      spec:
        models:
          - name: gpt-4o
            prices: [{input: "2.50"}]
      """;

  @Test
  void remembersTheLineOfEachField() throws YamlText.UnreadableException {
    List<YamlDocument> documents = new YamlText(FILE).read(TWO);

    assertThat(documents).hasSize(2);
    assertThat(documents.getFirst().place()).isEqualTo(new Place(FILE, 2));
    assertThat(documents.getFirst().placeOf("spec.models[1]")).isEqualTo(new Place(FILE, 3));
    assertThat(documents.getLast().placeOf("spec.models[0].prices[0].input"))
        .isEqualTo(new Place(FILE, 9));
  }

  @Test
  void leadsToTheFieldAroundOneThatIsMissing() throws YamlText.UnreadableException {
    YamlDocument document = new YamlText(FILE).read(TWO).getLast();

    assertThat(document.placeOf("spec.models[0].quality.best")).isEqualTo(new Place(FILE, 8));
    assertThat(document.placeNamedIn("set spec.models, please")).isEqualTo(new Place(FILE, 7));
    assertThat(document.placeNamedIn("no field at all")).isEqualTo(new Place(FILE, 5));
  }

  @Test
  void tellsNumbersFromText() throws YamlText.UnreadableException {
    var tree =
        new YamlText(FILE).read("{a: 2.50, b: '2.50', c: 7, d: true, e: null}").getFirst().tree();

    assertThat(tree.path("a").isNumber()).isTrue();
    assertThat(tree.path("b").isTextual()).isTrue();
    assertThat(tree.path("c").isIntegralNumber()).isTrue();
    assertThat(tree.path("d").isBoolean()).isTrue();
    assertThat(tree.path("e").isNull()).isTrue();
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertThatExceptionOfType(YamlText.UnreadableException.class)
        .isThrownBy(() -> new YamlText(FILE).read("kind: One\nspec: {}\nkind: Two\n"))
        .withMessage("a.yaml:3: key \"kind\" already set in map");
  }

  @Test
  void refusesAliasesThatGrowWithoutEnd() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String before = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(
                  i,
                  i,
                  String.join(
                      ", ",
                      List.of(
                          before, before, before, before, before, before, before, before, before,
                          before))));
    }

    assertThatExceptionOfType(YamlText.UnreadableException.class)
        .isThrownBy(() -> new YamlText(FILE).read(bomb.toString()))
        .withMessageContaining("Number of aliases");
  }

  @Test
  void anyCutOfAFileIsReadOrRefusedWithALine() {
    int refused = 0;
    for (int end = 0; end <= TWO.length(); end++) {
      try {
        assertThat(new YamlText(FILE).read(TWO.substring(0, end))).hasSizeLessThanOrEqualTo(2);
      } catch (YamlText.UnreadableException e) {
        assertThat(e.mistake().toString()).matches("a\\.yaml:\\d+: .+");
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
