package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/// One document of a YAML text, as JSON, with the line of each of its parts.
public sealed interface YamlDocument {
  /// No text longer than this is read, in characters; the API server takes less than half of it.
  int LONGEST = 4 << 20;

  /// A document that is a mapping.
  ///
  /// @param content as written: nothing is filled in
  /// @param line of its first content, from 1
  /// @param lines path to line, from 1, as in `spec.models[0].name`
  record Read(ObjectNode content, int line, Map<String, Integer> lines) implements YamlDocument {
    public Read {
      lines = Map.copyOf(lines);
    }

    /// The line of a part, or of the nearest part around it that is there.
    public int lineOf(String path) {
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

    /// Without the content, which may be secret.
    @Override
    public String toString() {
      return "Read[line=" + line + "]";
    }
  }

  /// A document that cannot be read; it is the last one, since nobody knows where it ends.
  record Broken(Finding finding) implements YamlDocument {}

  /// Reads all documents, without the empty ones.
  static List<YamlDocument> readAll(String yaml) {
    if (yaml.length() > LONGEST) {
      return List.of(broken(1, "a manifest must not be longer than " + LONGEST + " characters"));
    }
    LoadSettings settings =
        LoadSettings.builder().setSchema(new YamlScalar.Words()).setCodePointLimit(LONGEST).build();
    List<YamlDocument> documents = new ArrayList<>();
    try {
      BoundedComposer nodes = new BoundedComposer(settings, yaml);
      while (nodes.hasNext() && !(last(documents) instanceof Broken)) {
        YamlTree.read(nodes.next()).ifPresent(documents::add);
      }
    } catch (YamlEngineException e) {
      documents.add(broken(e));
    }
    return documents;
  }

  private static Object last(List<YamlDocument> documents) {
    return documents.isEmpty() ? documents : documents.getLast();
  }

  private static YamlDocument broken(YamlEngineException e) {
    if (e instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()) {
      int line = marked.getProblemMark().get().getLine() + 1;
      String problem =
          marked
              .getProblem()
              .replaceFirst("character '.*' that (cannot start any token).*", "character that $1");
      return broken(line, "line " + line + ": " + problem);
    }
    return broken(1, String.valueOf(e.getMessage()));
  }

  /// A document that is not a mapping.
  static YamlDocument notAMapping(Node node) {
    return broken(
        YamlTree.line(node), "a manifest is a mapping of apiVersion, kind, metadata and spec");
  }

  /// In the words that `kubectl` begins with.
  static Broken broken(int line, String problem) {
    return new Broken(new Finding("", line, "error converting YAML to JSON: yaml: " + problem));
  }
}
