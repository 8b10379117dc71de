package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// One document of a YAML text, as JSON, with the line of each of its parts.
sealed interface YamlDocument {

  /// A document that is a mapping.
  ///
  /// @param lines path to line, from 1
  record Read(ObjectNode content, int line, Map<String, Integer> lines) implements YamlDocument {
    /// The line of a part, or of the nearest part around it that is there.
    int lineOf(String path) {
      String at = path;
      while (!at.isEmpty()) {
        Integer found = lines.get(at);
        if (found != null) {
          return found;
        }
        at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
      }
      return line;
    }
  }

  /// A document that cannot be read; it is the last one, since nobody knows where it ends.
  record Broken(Finding finding) implements YamlDocument {}

  /// Reads all documents, without the empty ones.
  static List<YamlDocument> readAll(String yaml) {
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setMaxAliasesForCollections(50)
            .setCodePointLimit(4 << 20)
            .build();
    List<YamlDocument> documents = new ArrayList<>();
    try {
      Iterator<Node> nodes = new Compose(settings).composeAllFromString(yaml).iterator();
      while (nodes.hasNext()) {
        YamlTree.read(nodes.next()).ifPresent(documents::add);
      }
    } catch (YamlEngineException e) {
      documents.add(new Broken(broken(e)));
    }
    return documents;
  }

  private static Finding broken(YamlEngineException e) {
    if (e instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()) {
      int line = marked.getProblemMark().get().getLine() + 1;
      return new Finding(
          "",
          line,
          "error converting YAML to JSON: yaml: line " + line + ": " + marked.getProblem());
    }
    return new Finding("", 1, "error converting YAML to JSON: yaml: " + e.getMessage());
  }

  /// A document that is not a mapping.
  static YamlDocument notAMapping(Node node) {
    return new Broken(
        new Finding(
            "",
            YamlTree.line(node),
            "error converting YAML to JSON: yaml: a manifest is a mapping of apiVersion, kind,"
                + " metadata and spec"));
  }
}
