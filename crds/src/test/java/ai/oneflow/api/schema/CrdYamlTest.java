package ai.oneflow.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Holds the checked-in CRDs against the types. To write them anew after a change of the types:
/// `mvn -pl crds test -Dcrds.write=true`.
final class CrdYamlTest {
  private static final Path FOLDER = Repository.file("crds/src/main/resources/crds");
  private static final Map<String, String> GENERATED = CrdWriter.write();

  @BeforeAll
  static void writeAnewWhereAsked() throws IOException {
    if (Boolean.getBoolean("crds.write")) {
      for (var file : GENERATED.entrySet()) {
        Files.writeString(FOLDER.resolve(file.getKey()), file.getValue());
      }
    }
  }

  @Test
  void theCheckedInFilesAreWhatTheTypesSay() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      Map<String, String> checkedIn =
          files.collect(Collectors.toMap(f -> f.getFileName().toString(), Repository::read));
      assertThat(checkedIn)
          .as("run mvn -pl crds test -Dcrds.write=true, and look at the difference")
          .isEqualTo(GENERATED);
    }
  }
}
