package ai.oneflow.api.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Turns a document's nodes into JSON and notes their lines.
final class YamlTree {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// More than any manifest that the API server would take has; aliases of aliases have no end.
  private static final int MOST_VALUES = 100_000;

  private final Map<String, Integer> lines = new HashMap<>();
  private int values;
  private int depth;

  private YamlTree() {}

  /// Empty for an empty document.
  ///
  /// @throws ComposerException where the document cannot be JSON
  static Optional<YamlDocument> read(Node node) {
    if (node instanceof ScalarNode scalar && YamlScalar.toJson(scalar).isNull()) {
      return Optional.empty();
    }
    if (!(node instanceof MappingNode mapping)) {
      return Optional.of(YamlDocument.notAMapping(node));
    }
    YamlTree tree = new YamlTree();
    ObjectNode content = tree.object(mapping, "");
    return Optional.of(new YamlDocument.Read(content, line(node), tree.lines));
  }

  static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }

  private JsonNode toJson(Node node, String path) {
    if (++values > MOST_VALUES) {
      throw new ComposerException("document contains excessive aliasing", node.getStartMark());
    }
    if (depth > BoundedComposer.MAX_DEPTH) {
      // An alias to a node around it, which the composer follows no further.
      throw new ComposerException("exceeded max depth", node.getStartMark());
    }
    depth++;
    JsonNode json = convert(node, path);
    depth--;
    return json;
  }

  private JsonNode convert(Node node, String path) {
    return switch (node) {
      case MappingNode mapping -> object(mapping, path);
      case SequenceNode sequence -> list(sequence.getValue(), path);
      case ScalarNode scalar -> YamlScalar.toJson(scalar);
      default -> JSON.nullNode();
    };
  }

  private ObjectNode object(MappingNode mapping, String path) {
    ObjectNode object = JSON.objectNode();
    Set<String> written = new HashSet<>();
    for (NodeTuple entry : mapping.getValue()) {
      Node key = entry.getKeyNode();
      if (isMerge(key)) {
        merge(object, entry.getValueNode(), path);
        continue;
      }
      // Other keys than scalars the composer refuses.
      String name = YamlScalar.toJson((ScalarNode) key).asText();
      if (!written.add(name)) {
        throw new ComposerException("key \"" + name + "\" already set in map", key.getStartMark());
      }
      String child = path.isEmpty() ? name : path + "." + name;
      lines.put(child, line(key));
      object.set(name, toJson(entry.getValueNode(), child));
    }
    return object;
  }

  private static boolean isMerge(Node key) {
    return key instanceof ScalarNode text
        && text.getValue().equals("<<")
        && YamlScalar.isPlain(text);
  }

  /// As `kubectl` has it: a merge goes over what stands before it, and of several the first wins.
  private void merge(ObjectNode object, Node from, String path) {
    List<Node> sources = from instanceof SequenceNode list ? list.getValue() : List.of(from);
    for (Node source : sources.reversed()) {
      if (!(toJson(source, path) instanceof ObjectNode fields)) {
        throw new ComposerException(
            "map merge requires map or sequence of maps as the value", from.getStartMark());
      }
      object.setAll(fields);
    }
  }

  private ArrayNode list(List<Node> nodes, String path) {
    ArrayNode array = JSON.arrayNode();
    for (Node node : nodes) {
      String child = path + "[" + array.size() + "]";
      lines.put(child, line(node));
      array.add(toJson(node, child));
    }
    return array;
  }
}
