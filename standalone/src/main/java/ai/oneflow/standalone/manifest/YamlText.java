package ai.oneflow.standalone.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Reads YAML into trees that remember their lines, which no mapper does.
final class YamlText {
  private static final int MOST_NODES = 100_000;

  private final Path file;

  YamlText(Path file) {
    this.file = file;
  }

  /// Documents in order, empty ones left out.
  ///
  /// @throws UnreadableException where the text is no YAML; then none of it is taken
  List<YamlDocument> read(String text) throws UnreadableException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(file.toString()).setSchema(new CoreSchema()).build();
    try {
      List<YamlDocument> documents = new ArrayList<>();
      for (Node root : new Compose(settings).composeAllFromString(text)) {
        Conversion conversion = new Conversion();
        JsonNode tree = conversion.convert(root, "");
        if (!tree.isNull()) {
          documents.add(new YamlDocument(file, slice(text, root), tree, conversion.lines));
        }
      }
      return documents;
    } catch (MarkedYamlEngineException e) {
      Place place = new Place(file, e.getProblemMark().map(YamlText::line).orElse(1));
      throw new UnreadableException(new Mistake(place, "", "not YAML: " + e.getProblem()), e);
    } catch (YamlEngineException e) {
      Place place = new Place(file, 1);
      throw new UnreadableException(new Mistake(place, "", "not YAML: " + e.getMessage()), e);
    }
  }

  /// The document's own part of the text, its first line as far to the right as it stands there.
  private static String slice(String text, Node root) {
    Mark start = root.getStartMark().orElseThrow();
    int from = text.offsetByCodePoints(0, start.getIndex());
    int to =
        root.getEndMark()
            .map(end -> text.offsetByCodePoints(0, end.getIndex()))
            .orElse(text.length());
    return " ".repeat(start.getColumn()) + text.substring(from, to);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  private static int line(Node node) {
    return node.getStartMark().map(YamlText::line).orElse(1);
  }

  /// The text as a whole cannot be read.
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Mistake mistake;

    UnreadableException(Mistake mistake, Throwable cause) {
      super(mistake.toString(), cause);
      this.mistake = mistake;
    }

    Mistake mistake() {
      return mistake;
    }
  }

  private final class Conversion {
    private final Map<String, Integer> lines = new HashMap<>();
    private int nodes;

    JsonNode convert(Node node, String path) throws UnreadableException {
      if (++nodes > MOST_NODES) {
        // Aliases of aliases would otherwise grow without end.
        throw unreadable(node, "a document must not have more than " + MOST_NODES + " values");
      }
      lines.putIfAbsent(path, line(node));
      return switch (node) {
        case MappingNode mapping -> object(mapping, path);
        case SequenceNode sequence -> array(sequence, path);
        case ScalarNode scalar -> scalar(scalar);
        default -> throw unreadable(node, "an anchor must stand before its alias");
      };
    }

    private ObjectNode object(MappingNode mapping, String path) throws UnreadableException {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw unreadable(tuple.getKeyNode(), "a field's name must be text");
        }
        String name = key.getValue();
        if (object.has(name)) {
          throw unreadable(key, "key \"" + name + "\" already set in map");
        }
        String inner = path.isEmpty() ? name : path + "." + name;
        lines.put(inner, line(key));
        object.set(name, convert(tuple.getValueNode(), inner));
      }
      return object;
    }

    private ArrayNode array(SequenceNode sequence, String path) throws UnreadableException {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (Node item : sequence.getValue()) {
        array.add(convert(item, path + "[" + array.size() + "]"));
      }
      return array;
    }

    private JsonNode scalar(ScalarNode scalar) throws UnreadableException {
      JsonNodeFactory json = JsonNodeFactory.instance;
      Tag tag = scalar.getTag();
      String text = scalar.getValue();
      try {
        if (tag.equals(Tag.NULL)) {
          return json.nullNode();
        } else if (tag.equals(Tag.BOOL)) {
          return json.booleanNode(Boolean.parseBoolean(text));
        } else if (tag.equals(Tag.INT)) {
          return integer(text);
        } else if (tag.equals(Tag.FLOAT)) {
          return json.numberNode(new BigDecimal(text));
        }
        return json.textNode(text);
      } catch (NumberFormatException _) {
        throw unreadable(scalar, "'" + text + "' is no number");
      }
    }

    private JsonNode integer(String text) {
      BigInteger value =
          switch (text.length() > 1 ? text.substring(0, 2) : text) {
            case "0x" -> new BigInteger(text.substring(2), 16);
            case "0o" -> new BigInteger(text.substring(2), 8);
            default -> new BigInteger(text);
          };
      return value.bitLength() < Long.SIZE
          ? JsonNodeFactory.instance.numberNode(value.longValue())
          : JsonNodeFactory.instance.numberNode(value);
    }

    private UnreadableException unreadable(Node node, String words) {
      Mistake mistake = new Mistake(new Place(file, line(node)), "", words);
      return new UnreadableException(mistake, new IllegalArgumentException(words));
    }
  }
}
