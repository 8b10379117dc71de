package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// Whoever is woken finds what to do: each alert points to a section of the runbooks, and each
/// section is of an alert.
final class RunbooksTest {
  private static final List<String> PARTS =
      List.of("**What it means.**", "**First commands.**", "**What to do.**");
  private static final Pattern SECTION = Pattern.compile("(?m)^## ");

  @Test
  void everyAlertPointsToItsSection() throws IOException {
    List<JsonNode> alerts = alerts();

    assertThat(alerts).hasSizeGreaterThan(4);
    assertThat(alerts)
        .allSatisfy(
            alert ->
                assertThat(alert.at("/annotations/runbook_url").asText())
                    .isEqualTo(
                        "https://oneflow.ai/docs/runbooks.md#"
                            + alert.path("alert").asText().toLowerCase(Locale.ROOT)));
    assertThat(sections().keySet())
        .containsExactlyInAnyOrderElementsOf(
            alerts.stream().map(alert -> alert.path("alert").asText()).toList());
  }

  @Test
  void everySectionSaysWhatItMeansWhereToLookAndWhatToDo() throws IOException {
    assertThat(sections().values()).allSatisfy(text -> assertThat(text).contains(PARTS));
  }

  /// Those that the operator makes; a test there compares them.
  private static List<JsonNode> alerts() throws IOException {
    Path rules = House.root().resolve("monitoring/rules.yaml");
    JsonNode groups = new YAMLMapper().readTree(rules.toFile()).path("groups");
    return StreamSupport.stream(groups.spliterator(), false)
        .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
        .filter(rule -> rule.has("alert"))
        .toList();
  }

  private static Map<String, String> sections() throws IOException {
    String page = Files.readString(House.root().resolve("docs/runbooks.md"));
    Map<String, String> sections = new HashMap<>();
    Arrays.stream(SECTION.split(page, -1))
        .skip(1)
        .forEach(section -> sections.put(section.lines().findFirst().orElse(""), section));
    return sections;
  }
}
