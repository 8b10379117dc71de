package ai.oneflow.servers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where programs are looked for: on the `PATH`, and where `scripts/setup` puts what it gets.
final class SearchPath {
  private SearchPath() {}

  static Stream<Path> folders() {
    Stream<Path> path =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).map(Path::of);
    return Stream.concat(path, Stream.of(cache().resolve("valkey").resolve("usr").resolve("bin")));
  }

  static Optional<Path> find(String program) {
    return folders().map(folder -> folder.resolve(program)).filter(Files::isExecutable).findFirst();
  }

  private static Path cache() {
    Map<String, String> environment = System.getenv();
    String own = environment.getOrDefault("ONEFLOW_CACHE", "");
    String users = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!own.isEmpty()) {
      return Path.of(own);
    }
    return users.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "oneflow")
        : Path.of(users, "oneflow");
  }
}
