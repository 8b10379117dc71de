package ai.oneflow.gateway.dialect.json;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// The scanner against Jackson's strict parser. By design they differ in three things: nesting
/// beyond [JsonScanner#MAX_DEPTH] is refused here, bytes beyond ASCII in strings are not checked
/// here, and half a surrogate pair in a name is read as U+FFFD. So the texts stay below that depth,
/// are written in ASCII, and hold no surrogates.
final class JsonScannerPropertiesTest {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(JsonScanner.MAX_DEPTH)
                          .build())
                  .build())
          .build();
  private static final JsonField ROOT =
      JsonField.of(
          field("a"), field("b", field("a"), field("c")), array("c", JsonField.of(field("a"))));
  private static final String[] NAMES = {"a", "b", "c", "", "d\"\\", "é\u0001"};
  private static final byte[] BYTES =
      "{}[]:,\"\\ \n\t\u0001tfn0123456789eE+-./uaxN'#".getBytes(US_ASCII);
  private static final int DEPTH = 5;

  @Property
  void acceptsWhatJacksonWrites(@ForAll Random random) throws IOException {
    byte[] text = JSON.writeValueAsBytes(node(random, DEPTH));

    assertThat(RecordedScan.of(ROOT, text).result()).isEqualTo(JsonScanner.Result.COMPLETE);
  }

  @Property
  void readsAWantedScalarAsJacksonDoes(@ForAll Random random) throws IOException {
    byte[] text = JSON.writeValueAsBytes(node(random, DEPTH));

    for (RecordedScan.Event event : RecordedScan.of(ROOT, text).events()) {
      if (event.what().equals("STRING") || event.what().equals("NUMBER")) {
        JsonNode value =
            JSON.readTree(Arrays.copyOfRange(text, (int) event.start(), (int) event.end()));
        assertThat(event.text()).isEqualTo(written(value, text, event));
      }
    }
  }

  private static String written(JsonNode value, byte[] text, RecordedScan.Event event) {
    int length = (int) (event.end() - event.start());
    return value.isTextual()
        ? value.textValue()
        : new String(text, (int) event.start(), length, US_ASCII);
  }

  @Property(tries = 4000)
  void judgesADamagedTextAsJacksonDoes(@ForAll Random random) throws IOException {
    byte[] text = damaged(JSON.writeValueAsBytes(node(random, 3)), random);

    assertThat(RecordedScan.of(ROOT, text).result() == JsonScanner.Result.COMPLETE)
        .as(new String(text, US_ASCII))
        .isEqualTo(isJson(text));
  }

  @Property
  void saysTheSameOfADamagedTextInPieces(@ForAll Random random) throws IOException {
    byte[] text = damaged(JSON.writeValueAsBytes(node(random, 3)), random);
    int first = random.nextInt(text.length + 1);
    int second = first + random.nextInt(text.length - first + 1);

    assertThat(
            RecordedScan.of(
                ROOT,
                Arrays.copyOf(text, first),
                Arrays.copyOfRange(text, first, second),
                Arrays.copyOfRange(text, second, text.length)))
        .isEqualTo(RecordedScan.of(ROOT, text));
  }

  private static JsonNode node(Random random, int depth) {
    JsonNodeFactory nodes = JSON.getNodeFactory();
    return switch (random.nextInt(depth > 0 ? 9 : 6)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.booleanNode(random.nextBoolean());
      case 2 -> nodes.numberNode(random.nextLong());
      case 3 -> nodes.numberNode(random.nextGaussian() * 1e12);
      case 4 -> nodes.textNode(NAMES[random.nextInt(NAMES.length)].repeat(random.nextInt(4)));
      case 5 -> nodes.numberNode(random.nextInt(10));
      case 6 -> elements(random, depth);
      default -> members(random, depth);
    };
  }

  private static ArrayNode elements(Random random, int depth) {
    ArrayNode array = JSON.createArrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(node(random, depth - 1));
    }
    return array;
  }

  private static ObjectNode members(Random random, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = random.nextInt(5); i > 0; i--) {
      object.set(NAMES[random.nextInt(NAMES.length)], node(random, depth - 1));
    }
    return object;
  }

  private static byte[] damaged(byte[] text, Random random) {
    byte[] damaged = text;
    for (int i = random.nextInt(3); i >= 0; i--) {
      damaged = once(damaged, random);
    }
    return damaged;
  }

  /// Leaves out, puts in or changes one byte.
  private static byte[] once(byte[] text, Random random) {
    int at = random.nextInt(text.length + 1);
    int skipped = at < text.length && random.nextBoolean() ? 1 : 0;
    int added = random.nextInt(2);
    byte[] result = new byte[text.length - skipped + added];
    System.arraycopy(text, 0, result, 0, at);
    if (added == 1) {
      result[at] = BYTES[random.nextInt(BYTES.length)];
    }
    System.arraycopy(text, at + skipped, result, at + added, text.length - at - skipped);
    return result;
  }

  /// Walks over all tokens, since building a tree would judge the size of numbers too.
  private static boolean isJson(byte[] text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      int open = 0;
      do {
        JsonToken token = parser.currentToken();
        open += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        var _ = parser.getText();
        if (open == 0) {
          return parser.nextToken() == null;
        }
      } while (parser.nextToken() != null);
      return false;
    } catch (com.fasterxml.jackson.core.JsonProcessingException notJson) {
      return false;
    }
  }
}
