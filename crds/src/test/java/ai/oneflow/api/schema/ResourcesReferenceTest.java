package ai.oneflow.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Holds the reference page against the types; `-Doneflow.write.docs=true` writes it anew.
final class ResourcesReferenceTest {
  private static final Path PAGE = Repository.file("docs/reference/resources.md");

  @Test
  void thePageSaysWhatTheTypesSay() throws IOException {
    String generated = ResourcesPage.write();
    if (Boolean.getBoolean("oneflow.write.docs")) {
      Files.writeString(PAGE, generated);
    }

    assertThat(PAGE).as("run mvn -pl crds test -Doneflow.write.docs=true").hasContent(generated);
  }

  @Test
  void everyFieldHasAMeaning() {
    assertThat(ResourcesPage.write().lines())
        .filteredOn(line -> line.startsWith("| `"))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).doesNotEndWith("|  |"));
  }
}
