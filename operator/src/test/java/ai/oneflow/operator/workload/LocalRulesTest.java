package ai.oneflow.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The rules of `make prometheus` are those that the operator makes for an LLMGateway. Run with
/// `-Doneflow.write.docs=true` to write them anew.
class LocalRulesTest {
  private static final String HEAD =
      "# The alerts that the operator makes for each LLMGateway, for a gateway beside Kubernetes."
          + "\n# Made from the class Alerts by `make generate`; a test compares them.\n";

  @Test
  void areTheSameAsOnACluster() throws IOException {
    Path file = Path.of(System.getProperty("oneflow.root"), "monitoring", "rules.yaml");
    if (Boolean.getBoolean("oneflow.write.docs")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, rules());
    }

    assertThat(file).hasContent(rules());
  }

  private static String rules() {
    Alerts alerts =
        new Alerts("job=\"oneflow-gateway\"", "the gateway", "https://oneflow.ai/docs/runbooks.md");
    List<Object> sorted = new ArrayList<>();
    alerts.all().forEach(alert -> sorted.add(sorted(alert)));
    return HEAD
        + Serialization.asYaml(
            Map.of("groups", List.of(sorted(Map.of("name", "oneflow", "rules", sorted)))));
  }

  private static Map<String, Object> sorted(Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach(
        (key, value) ->
            sorted.put(
                String.valueOf(key), value instanceof Map<?, ?> inner ? sorted(inner) : value));
    return sorted;
  }
}
