package ai.oneflow.tests.endtoend;

import ai.oneflow.tests.cluster.Completed;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The official OpenAI SDK for Python, in the environment that `scripts/setup` made.
final class PythonSdk {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path python;

  private PythonSdk(Path python) {
    this.python = python;
  }

  /// Skips the test where there is none.
  static PythonSdk orSkip() throws IOException {
    Path environments = cache().resolve("python");
    Optional<Path> found = Optional.empty();
    if (Files.isDirectory(environments)) {
      try (Stream<Path> all = Files.list(environments)) {
        found =
            all.filter(environment -> Files.exists(environment.resolve("ready")))
                .max(Comparator.naturalOrder());
      }
    }
    Assumptions.assumeTrue(
        found.isPresent(),
        "there is no Python with the OpenAI SDK in " + environments + "; scripts/setup makes it");
    return new PythonSdk(found.orElseThrow().resolve("bin/python"));
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

  /// Makes one call of each kind; what the SDK said of each, by its name, in order.
  JsonNode callEverything(URI baseUrl, String key) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(python.toString(), script().toString(), baseUrl.toString());
    builder.environment().put("ONEFLOW_KEY", key);
    builder.environment().put("NO_PROXY", baseUrl.getHost());
    String output = Completed.run(builder, "", _ -> {}).output();
    ObjectNode calls = JSON.createObjectNode();
    for (String line : output.lines().toList()) {
      System.out.println("python sdk: " + line);
      JsonNode call = JSON.readTree(line);
      calls.set(call.path("call").asText(), call);
    }
    return calls;
  }

  private static Path script() {
    try {
      return Path.of(Objects.requireNonNull(PythonSdk.class.getResource("sdk_calls.py")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
