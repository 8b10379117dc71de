package ai.oneflow.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The folder of one server's data.
record TemporaryFolder(Path path) {
  static TemporaryFolder create(String name) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("oneflow-" + name));
  }

  void delete() throws IOException {
    clear(path);
    Files.deleteIfExists(path);
  }

  /// Removes everything in it but for this.
  void clear(Path kept) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(path)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      if (!file.equals(kept) && !file.equals(path)) {
        Files.deleteIfExists(file);
      }
    }
  }
}
