package ai.oneflow.tests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The manifests that mutants are made of, and the schemas of their specs.
///
/// @param manifests each accepted as it is
/// @param schemas by kind
record Seeds(List<ObjectNode> manifests, Map<String, JsonNode> schemas) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /// @param root of the source tree
  static Seeds read(Path root) throws IOException {
    Map<String, JsonNode> schemas = new TreeMap<>();
    for (JsonNode crd : all(root.resolve("crds/src/main/resources/crds"))) {
      JsonNode schema = crd.path("spec").path("versions").get(0).path("schema");
      schemas.put(
          crd.path("spec").path("names").path("kind").asText(),
          schema.path("openAPIV3Schema").path("properties").path("spec"));
    }
    List<ObjectNode> manifests =
        all(root.resolve("examples/accepted")).stream()
            .filter(manifest -> schemas.containsKey(manifest.path("kind").asText()))
            .map(ObjectNode.class::cast)
            .toList();
    return new Seeds(manifests, schemas);
  }

  private static List<JsonNode> all(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().flatMap(file -> documents(file).stream()).toList();
    }
  }

  private static List<JsonNode> documents(Path file) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll();
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }
}
