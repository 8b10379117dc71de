package ai.oneflow.operator.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Run with `-Doneflow.write.docs=true` to write the page anew.
class OperatorMetricsPageTest {
  private static final String HEAD =
      """
      # Metrics of the operator

      Each operator serves them at `/metrics` on its management port (8001), in Prometheus's text format; of several,
      the one that leads has something to tell. This page is made from the enum `Metric`; a test compares them.

      | name | kind | meaning |
      |---|---|---|
      """;

  @Test
  void thePageSaysWhatTheCodeSays() throws IOException {
    Path page =
        Path.of(System.getProperty("oneflow.root"), "docs", "reference", "operator-metrics.md");
    if (Boolean.getBoolean("oneflow.write.docs")) {
      Files.writeString(page, page());
    }

    assertThat(page).hasContent(page());
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Metric metric : Metric.values()) {
      page.append(
          "| `%s` | %s | %s |\n"
              .formatted(metric.exposedName(), metric.kind().text(), metric.meaning()));
    }
    return page.toString();
  }
}
