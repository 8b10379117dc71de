package ai.oneflow.tests.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Alerts and dashboards ask for what there is, and nothing that is started is whatever was newest.
final class MonitoringTest {
  private static final Pattern NAME = Pattern.compile("\\b(?:oneflow|http|gen_ai)_[a-z_]+");
  private static final Pattern DOCUMENTED = Pattern.compile("`([a-z_]+)`");

  @Test
  void whateverAPanelOrAnAlertAsksForIsAMetricOrALabel() throws IOException {
    Set<String> known = found(DOCUMENTED, Files.readString(page("docs/reference/metrics.md")));
    Set<String> asked = new TreeSet<>();
    expressions(
            new JsonMapper().readTree(page("monitoring/grafana/dashboards/gateway.json").toFile()))
        .forEach(expression -> asked.addAll(found(NAME, expression)));
    assertThat(asked).hasSizeGreaterThan(10);
    expressions(new YAMLMapper().readTree(page("monitoring/rules.yaml").toFile()))
        .forEach(expression -> asked.addAll(found(NAME, expression)));

    assertThat(asked)
        .allMatch(
            name ->
                known.contains(name)
                    || known.contains(name.replaceAll("_(bucket|sum|count)$", "")));
  }

  @Test
  void everyImageIsPinnedAndEveryServiceIsOneToAskFor() throws IOException {
    JsonNode services =
        new YAMLMapper().readTree(page("monitoring/compose.yaml").toFile()).path("services");

    assertThat(services.properties())
        .hasSize(6)
        .allSatisfy(
            service -> {
              assertThat(service.getValue().path("image").asText())
                  .matches("docker\\.io/[a-z/-]+:v?[0-9][A-Za-z0-9.-]+");
              assertThat(service.getValue().path("profiles")).isNotEmpty();
            });
  }

  private static List<String> expressions(JsonNode tree) {
    return tree.findValuesAsText("expr");
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.groupCount() == 0 ? match.group() : match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Path page(String name) {
    return House.root().resolve(name);
  }
}
