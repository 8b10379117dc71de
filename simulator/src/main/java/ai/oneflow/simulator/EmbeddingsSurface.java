package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// `POST /v1/embeddings`: unit vectors that are the same for the same input, as numbers or as
/// base64 of little-endian 32-bit floats.
final class EmbeddingsSurface {
  private static final int USUAL_DIMENSIONS = 1536;
  private static final int LARGE_DIMENSIONS = 3072;
  private static final int MOST_INPUTS = 2048;

  private final Models models;

  EmbeddingsSurface(Models models) {
    this.models = models;
  }

  Draft draft(JsonNode request, Script script) {
    Optional<OpenAiError> flaw = flaw(request);
    if (flaw.isPresent()) {
      return Draft.of(flaw.get());
    }
    String model = request.path("model").asText();
    boolean base64 = request.path("encoding_format").asText("float").equals("base64");
    int dimensions = request.path("dimensions").asInt(mostDimensions(model));
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("object", "list");
    ArrayNode data = body.putArray("data");
    int tokens = 0;
    for (JsonNode input : inputs(request.path("input"))) {
      tokens += tokensOf(input);
      ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      entry.set("embedding", embedding(vector(input, dimensions), base64));
    }
    body.put("model", Models.dated(model));
    Usage usage = script.usage().applyTo(new Usage(tokens, 0, 0, 0));
    return tell(body, usage, script.usage().placement());
  }

  private static Draft tell(ObjectNode body, Usage usage, UsageReport.Placement placement) {
    Draft.Said said = new Draft.Said(List.of(), usage);
    return switch (placement) {
      case MISSING -> Draft.json(200, body.toString(), said, Optional.empty());
      case NULL -> Draft.json(200, body.putNull("usage").toString(), said, Optional.empty());
      case AS_ASKED, ALWAYS, WITH_LAST_CONTENT, CUMULATIVE -> {
        body.putObject("usage")
            .put("prompt_tokens", usage.promptTokens())
            .put("total_tokens", usage.totalTokens());
        yield Draft.json(200, body.toString(), said, Optional.of(usage));
      }
    };
  }

  private Optional<OpenAiError> flaw(JsonNode request) {
    String model = request.path("model").asText("");
    if (model.isEmpty()) {
      return invalid("", "", "you must provide a model parameter");
    }
    if (!models.knows(model)) {
      return Optional.of(OpenAiError.unknownModel(model));
    }
    JsonNode input = request.path("input");
    if (input.isMissingNode() || input.isNull() || (input.isArray() && input.isEmpty())) {
      return invalid("input", "", "'$.input' is invalid: give a text, tokens, or a list of them.");
    }
    if (input.size() > MOST_INPUTS && !input.path(0).isNumber()) {
      return invalid("input", "", "'$.input' is invalid: at most 2048 inputs.");
    }
    int dimensions = request.path("dimensions").asInt(1);
    if (dimensions < 1 || dimensions > mostDimensions(model)) {
      return invalid(
          "",
          "",
          dimensions < 1
              ? dimensions + " is less than the minimum of 1 - 'dimensions'"
              : "Invalid value for 'dimensions' = %d.".formatted(dimensions));
    }
    return Optional.empty();
  }

  private static Optional<OpenAiError> invalid(String param, String code, String message) {
    return Optional.of(OpenAiError.invalid(param, code, message));
  }

  private static int mostDimensions(String model) {
    return model.endsWith("-large") ? LARGE_DIMENSIONS : USUAL_DIMENSIONS;
  }

  /// A text, an array of texts, one input's token numbers, or an array of those.
  private static List<JsonNode> inputs(JsonNode input) {
    boolean several = input.isArray() && !input.path(0).isNumber();
    return several ? input.valueStream().toList() : List.of(input);
  }

  private static int tokensOf(JsonNode input) {
    return input.isArray() ? input.size() : Usage.tokensOf(input.asText());
  }

  private static JsonNode embedding(float[] vector, boolean base64) {
    if (!base64) {
      ArrayNode numbers = JsonNodeFactory.instance.arrayNode(vector.length);
      for (float component : vector) {
        numbers.add(component);
      }
      return numbers;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes.array()));
  }

  private static float[] vector(JsonNode input, int dimensions) {
    Random random = new Random(input.toString().hashCode());
    double[] raw = random.doubles(dimensions, -1, 1).toArray();
    double square = 0;
    for (double component : raw) {
      square += component * component;
    }
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (raw[i] / Math.sqrt(square));
    }
    return vector;
  }
}
