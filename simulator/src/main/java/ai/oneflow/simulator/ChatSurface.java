package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// `POST /v1/chat/completions`.
final class ChatSurface {
  private static final int TOKENS_OF_A_MESSAGE = 3;
  private static final int TOKENS_OF_THE_START = 3;
  private static final int MOST_CHOICES = 8;

  private final Models models;
  private final Clock clock;
  private final AtomicLong answered = new AtomicLong();

  ChatSurface(Models models, Clock clock) {
    this.models = models;
    this.clock = clock;
  }

  Draft draft(JsonNode request, Script script, long seed) {
    Optional<OpenAiError> flaw = flaw(request);
    if (flaw.isPresent()) {
      return Draft.of(flaw.get());
    }
    List<Choice> choices = new ChoiceMaker(request, script.shape(), seed).choices();
    int produced = choices.stream().mapToInt(Choice::tokens).sum();
    Usage counted = new Usage(promptTokens(request), produced, 0, 0);
    Completion completion =
        new Completion(
            nextId(seed),
            Models.dated(request.path("model").asText()),
            clock.instant().getEpochSecond(),
            choices,
            script.usage().applyTo(counted),
            script.usage().placement(),
            request.path("stream_options").path("include_usage").asBoolean());
    return request.path("stream").asBoolean()
        ? CompletionStream.draft(completion)
        : CompletionJson.draft(completion);
  }

  /// The text repeats with the seed, the id never does.
  private String nextId(long seed) {
    long mixed = (seed ^ answered.incrementAndGet()) * 0x9E3779B97F4A7C15L;
    return "chatcmpl-" + Long.toUnsignedString(mixed, 36);
  }

  private Optional<OpenAiError> flaw(JsonNode request) {
    String model = request.path("model").asText("");
    if (model.isEmpty()) {
      return invalid("", "", "you must provide a model parameter");
    }
    if (!models.knows(model)) {
      return Optional.of(OpenAiError.unknownModel(model));
    }
    return messagesFlaw(request.path("messages")).or(() -> numbersFlaw(request));
  }

  private static Optional<OpenAiError> messagesFlaw(JsonNode messages) {
    if (messages.isMissingNode()) {
      return invalid(
          "messages", "missing_required_parameter", "Missing required parameter: 'messages'.");
    }
    if (!messages.isArray()) {
      return invalid(
          "messages",
          "invalid_type",
          "Invalid type for 'messages': expected an array of objects, but got something else.");
    }
    if (messages.isEmpty()) {
      return invalid(
          "messages",
          "empty_array",
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an"
              + " empty array instead.");
    }
    return Optional.empty();
  }

  private static Optional<OpenAiError> numbersFlaw(JsonNode request) {
    for (String field : List.of("max_tokens", "max_completion_tokens")) {
      if (request.path(field).asInt(0) < 0) {
        return invalid(
            field,
            "integer_below_min_value",
            "Invalid '%s': integer below minimum value. Expected a value >= 0, but got %d instead."
                .formatted(field, request.path(field).asInt()));
      }
    }
    int choices = request.path("n").asInt(1);
    if (choices < 1 || choices > MOST_CHOICES) {
      return invalid("n", "", "Invalid 'n': expected 1 to 8, but got %d.".formatted(choices));
    }
    return Optional.empty();
  }

  private static Optional<OpenAiError> invalid(String param, String code, String message) {
    return Optional.of(OpenAiError.invalid(param, code, message));
  }

  private static int promptTokens(JsonNode request) {
    int tokens = TOKENS_OF_THE_START;
    for (JsonNode message : request.path("messages")) {
      JsonNode content = message.path("content");
      String text = content.isTextual() ? content.textValue() : content.toString();
      tokens += TOKENS_OF_A_MESSAGE + Usage.tokensOf(text);
    }
    JsonNode tools = request.path("tools");
    return tools.isMissingNode() ? tokens : tokens + Usage.tokensOf(tools.toString());
  }
}
