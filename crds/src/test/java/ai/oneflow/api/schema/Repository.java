package ai.oneflow.api.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Finds files of the repository from whatever folder a test runs in.
public final class Repository {
  private static final String EXPECT = "# expect: ";

  private Repository() {}

  public static Path file(String path) {
    return Path.of(System.getProperty("oneflow.root", "..")).resolve(path);
  }

  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What a rejected example says that a person must see.
  public static List<String> expectations(String yaml) {
    return yaml.lines()
        .filter(line -> line.startsWith(EXPECT))
        .map(line -> line.substring(EXPECT.length()))
        .toList();
  }
}
