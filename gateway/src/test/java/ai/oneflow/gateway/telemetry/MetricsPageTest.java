package ai.oneflow.gateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Run with `-Doneflow.write.docs=true` to write the page anew.
class MetricsPageTest {
  @Test
  void thePageSaysWhatTheCodeSays() throws IOException {
    Path page = Path.of(System.getProperty("oneflow.root"), "docs", "reference", "metrics.md");
    if (Boolean.getBoolean("oneflow.write.docs")) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, MetricsPage.render());
    }

    assertThat(page).hasContent(MetricsPage.render());
  }
}
