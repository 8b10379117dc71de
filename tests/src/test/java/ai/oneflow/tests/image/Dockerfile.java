package ai.oneflow.tests.image;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a Dockerfile of this repository says of the program that runs.
record Dockerfile(List<String> entrypoint, List<String> healthCheck) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<List<String>> WORDS = new TypeReference<>() {};

  static Dockerfile of(Path root, String program) throws IOException {
    List<String> lines = Files.readAllLines(root.resolve("Dockerfile." + program));
    return new Dockerfile(words(lines, "ENTRYPOINT"), words(lines, "HEALTHCHECK"));
  }

  private static List<String> words(List<String> lines, String instruction) throws IOException {
    String line =
        lines.stream().filter(each -> each.startsWith(instruction)).findFirst().orElseThrow();
    return JSON.readValue(line.substring(line.indexOf('[')), WORDS);
  }
}
