package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Turns a document's nodes into JSON and notes their lines.
final class YamlTree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// Deep enough for any manifest; an alias to a node around it would go on forever.
  private static final int MAX_DEPTH = 64;

  private final Map<String, Integer> lines = new HashMap<>();
  private final ObjectNode root = JSON.objectNode();
  private Optional<Finding> broken = Optional.empty();

  private YamlTree() {}

  /// Empty for an empty document.
  static Optional<YamlDocument> read(Node node) {
    if (node instanceof ScalarNode scalar && YamlScalar.toJson(scalar).isNull()) {
      return Optional.empty();
    }
    if (!(node instanceof MappingNode mapping)) {
      return Optional.of(YamlDocument.notAMapping(node));
    }
    YamlTree tree = new YamlTree();
    tree.fill(tree.root, mapping, "", 0);
    return Optional.of(
        tree.broken
            .<YamlDocument>map(YamlDocument.Broken::new)
            .orElseGet(() -> new YamlDocument.Read(tree.root, line(node), tree.lines)));
  }

  static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private JsonNode toJson(Node node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      refuse(node, "exceeded max depth");
      return JSON.nullNode();
    }
    return switch (node) {
      case MappingNode mapping -> {
        ObjectNode object = JSON.objectNode();
        fill(object, mapping, path, depth);
        yield object;
      }
      case SequenceNode sequence -> list(sequence.getValue(), path, depth);
      case ScalarNode scalar -> YamlScalar.toJson(scalar);
      default -> JSON.nullNode();
    };
  }

  private void fill(ObjectNode object, MappingNode mapping, String path, int depth) {
    for (NodeTuple entry : mapping.getValue()) {
      String name =
          entry.getKeyNode() instanceof ScalarNode key ? key.getValue() : "a key that is no text";
      String child = path.isEmpty() ? name : path + "." + name;
      lines.put(child, line(entry.getKeyNode()));
      if (object.has(name)) {
        refuse(entry.getKeyNode(), "key \"" + name + "\" already set in map");
      }
      object.set(name, toJson(entry.getValueNode(), child, depth + 1));
    }
  }

  private ArrayNode list(List<Node> nodes, String path, int depth) {
    ArrayNode array = JSON.arrayNode();
    for (Node node : nodes) {
      String child = path + "[" + array.size() + "]";
      lines.put(child, line(node));
      array.add(toJson(node, child, depth + 1));
    }
    return array;
  }

  private void refuse(Node node, String problem) {
    int line = line(node);
    broken =
        broken.or(
            () ->
                Optional.of(
                    new Finding(
                        "",
                        line,
                        "error converting YAML to JSON: yaml: line " + line + ": " + problem)));
  }
}
