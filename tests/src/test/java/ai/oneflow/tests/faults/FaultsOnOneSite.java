package ai.oneflow.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Faults that befall one site, one after the other. After each of them nothing may have been
/// answered wrongly.
abstract class FaultsOnOneSite {
  private static @Nullable Site started;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    started = Site.start(folder);
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  static Site site() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  @AfterEach
  void nothingWasAnsweredWrongly() {
    assertThat(site().witness().wrong()).isEmpty();
  }
}
