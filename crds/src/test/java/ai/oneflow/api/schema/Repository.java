package ai.oneflow.api.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Finds files of the repository from whatever folder a test runs in.
final class Repository {
  private Repository() {}

  static Path file(String path) {
    return Path.of(System.getProperty("oneflow.root", "..")).resolve(path);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
