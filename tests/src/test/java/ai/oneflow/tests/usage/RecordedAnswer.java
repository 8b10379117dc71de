package ai.oneflow.tests.usage;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.dialect.answer.AnswerDialect;
import ai.oneflow.simulator.recording.Body;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One answer of a provider that was recorded.
///
/// @param name of the recording and the answer's place in it, such as `groq/simple#0`
/// @param url that was asked
/// @param model as the request named it; empty where it did not
/// @param form how its JSON texts stand in the body
record RecordedAnswer(String name, String url, String model, Form form, Body body) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> USAGE = Set.of("usage", "usageMetadata", "billed_units");

  enum Form {
    TEXT,
    EVENTS,
    FRAMES
  }

  /// The dialect by its address; empty where no reader is meant for it.
  Optional<AnswerDialect> dialect() {
    String path = url.replaceFirst("[?#].*", "");
    if (path.contains("/responses") || path.endsWith("/realtime")) {
      return Optional.of(AnswerDialect.OPENAI_RESPONSES);
    }
    if (path.endsWith("/messages")) {
      return Optional.of(AnswerDialect.ANTHROPIC_MESSAGES);
    }
    if (path.matches(".*:(streamG|g)enerateContent")) {
      return Optional.of(AnswerDialect.GEMINI);
    }
    if (path.matches(".*/converse(-stream)?")) {
      return Optional.of(AnswerDialect.BEDROCK_CONVERSE);
    }
    if (path.contains("api.cohere.com")) {
      return Optional.of(AnswerDialect.COHERE);
    }
    return path.matches(".*/((chat/)?completions|embeddings|grpc)")
        ? Optional.of(AnswerDialect.OPENAI_CHAT)
        : Optional.empty();
  }

  /// As the table of prices calls the API at this address.
  String flavour() {
    if (url.contains("/responses") || url.endsWith("/realtime")) {
      return "responses";
    }
    if (url.contains("/embeddings") || url.endsWith("/embed")) {
      return "embeddings";
    }
    return url.contains("/completions") ? "chat" : "default";
  }

  /// Its JSON texts as trees; what is no JSON is left out.
  List<JsonNode> texts() {
    List<String> texts =
        switch (form) {
          case TEXT -> List.of(body.text());
          case EVENTS ->
              body.text()
                  .lines()
                  .filter(line -> line.startsWith("data:"))
                  .map(line -> line.substring("data:".length()))
                  .toList();
          case FRAMES -> payloads();
        };
    return texts.stream().flatMap(text -> tree(text).stream()).toList();
  }

  private List<String> payloads() {
    List<String> payloads = new ArrayList<>();
    byte[] bytes = body.bytes();
    int at = 0;
    while (at < bytes.length) {
      ByteBuffer lengths = ByteBuffer.wrap(bytes, at, 8);
      int end = at + lengths.getInt();
      int start = at + 12 + lengths.getInt();
      payloads.add(new String(Arrays.copyOfRange(bytes, start, end - 4), UTF_8));
      at = end;
    }
    return payloads;
  }

  private static Optional<JsonNode> tree(String text) {
    try {
      return Optional.ofNullable(JSON.readTree(text)).filter(JsonNode::isObject);
    } catch (JsonProcessingException noJson) {
      return Optional.empty();
    }
  }

  /// Whether it says anywhere what was used.
  boolean hasUsage() {
    return texts().stream()
        .flatMap(text -> USAGE.stream().flatMap(name -> text.findValues(name).stream()))
        .anyMatch(JsonNode::isObject);
  }

  /// The model by its own word, or by the request's.
  String modelName() {
    return texts().stream()
        .flatMap(text -> List.of(text, text.path("response"), text.path("message")).stream())
        .flatMap(text -> List.of(text.path("model"), text.path("modelVersion")).stream())
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .findFirst()
        .orElse(model);
  }

  @Override
  public String toString() {
    return name;
  }
}
