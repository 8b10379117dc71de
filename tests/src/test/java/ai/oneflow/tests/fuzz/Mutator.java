package ai.oneflow.tests.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Changes manifests at random where their schema has something to say: takes fields away, adds
/// others, and puts values into them that are nearly, just or not at all what they may be.
final class Mutator {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MOST_CHANGES = 3;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "x",
          "-",
          "*",
          "a/b",
          "ä€𝄞",
          "x".repeat(300),
          "null",
          "true",
          "0",
          "1.0",
          "1e9",
          "-1",
          "99999999999999999999",
          "0.000001",
          "0.0000001",
          "50.00",
          "10m",
          "0s",
          "1h30m",
          "90d",
          "-5s",
          "800ms",
          "100/hour",
          "0/hour",
          "1/second;2/second",
          "1/minute,",
          "10/fortnight",
          "10Mi",
          "10MB",
          "9Ei",
          "2027-01-01T00:00:00Z",
          "2027-13-01T00:00:00Z",
          "Europe/Berlin",
          "Mars/Olympus",
          "https://example.com/v1",
          "ftp://x",
          "http://",
          "redis://localhost",
          "jdbc:postgresql://db/x",
          "gpt-4o",
          "GPT-4O",
          "my.name",
          "My_Name",
          "a..b",
          "{{x}}",
          "${env:HOME}",
          "'; DROP TABLE usage; --");
  private static final List<Long> NUMBERS =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          99L,
          100L,
          101L,
          65_535L,
          65_536L,
          (1L << 31) - 1,
          1L << 31,
          1_000_000_000_000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE);

  private final Random random;

  Mutator(Random random) {
    this.random = random;
  }

  /// A changed copy.
  ///
  /// @param schema of the spec, as the CRD has it
  ObjectNode mutate(ObjectNode manifest, JsonNode schema) {
    ObjectNode mutant = manifest.deepCopy();
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      List<Spot> spots = new ArrayList<>();
      spots.add(new Spot(mutant, "spec", schema));
      collect(mutant.path("spec"), schema, spots);
      change(spots.get(random.nextInt(spots.size())));
    }
    return mutant;
  }

  /// A field that is there or could be.
  private record Spot(ObjectNode of, String name, JsonNode schema) {}

  private static void collect(JsonNode value, JsonNode schema, List<Spot> spots) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
        spots.add(new Spot(object, member.getKey(), member.getValue()));
        collect(object.path(member.getKey()), member.getValue(), spots);
      }
    } else if (value instanceof ArrayNode array) {
      array.forEach(element -> collect(element, schema.path("items"), spots));
    }
  }

  private void change(Spot spot) {
    switch (random.nextInt(8)) {
      case 0 -> spot.of.remove(spot.name);
      case 1 -> spot.of.set(spot.name, JSON.nullNode());
      case 2 -> spot.of.set(spot.name + "X", JSON.textNode("unknown"));
      case 3 -> spot.of.set(spot.name, anything());
      default -> spot.of.set(spot.name, like(spot.schema, spot.of.path(spot.name)));
    }
  }

  private JsonNode anything() {
    return switch (random.nextInt(5)) {
      case 0 -> JSON.textNode(text());
      case 1 -> JSON.numberNode(NUMBERS.get(random.nextInt(NUMBERS.size())));
      case 2 -> JSON.booleanNode(random.nextBoolean());
      case 3 -> JSON.arrayNode().add(text());
      default -> JSON.objectNode().put(text(), text());
    };
  }

  /// Of the type that the schema wants.
  private JsonNode like(JsonNode schema, JsonNode now) {
    return switch (schema.path("type").asText()) {
      case "string" -> JSON.textNode(text(schema));
      case "integer", "number" -> JSON.numberNode(number(schema));
      case "boolean" -> JSON.booleanNode(!now.asBoolean());
      case "array" -> array(schema, now);
      default -> object(schema, now);
    };
  }

  private String text(JsonNode schema) {
    JsonNode values = schema.path("enum");
    return !values.isEmpty() && random.nextInt(4) > 0
        ? values.get(random.nextInt(values.size())).asText()
        : text();
  }

  private String text() {
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private long number(JsonNode schema) {
    long bound = schema.path(random.nextBoolean() ? "minimum" : "maximum").asLong();
    return random.nextBoolean()
        ? bound + random.nextInt(3) - 1
        : NUMBERS.get(random.nextInt(NUMBERS.size()));
  }

  /// What is there may be of another type, by the change before.
  private ArrayNode array(JsonNode schema, JsonNode there) {
    ArrayNode now = there instanceof ArrayNode elements ? elements : JSON.arrayNode();
    ArrayNode array = now.deepCopy();
    switch (random.nextInt(4)) {
      case 0 -> array.removeAll();
      case 1 -> now.forEach(element -> array.add(element.deepCopy()));
      case 2 -> array.add(like(schema.path("items"), JSON.missingNode()));
      default -> {
        int most = schema.path("maxItems").asInt(8);
        while (!now.isEmpty() && array.size() <= most) {
          array.add(now.get(0).deepCopy());
        }
      }
    }
    return array;
  }

  private ObjectNode object(JsonNode schema, JsonNode now) {
    ObjectNode object = now instanceof ObjectNode there ? there.deepCopy() : JSON.objectNode();
    for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
      if (random.nextInt(3) == 0) {
        object.set(member.getKey(), like(member.getValue(), object.path(member.getKey())));
      }
    }
    return object;
  }
}
