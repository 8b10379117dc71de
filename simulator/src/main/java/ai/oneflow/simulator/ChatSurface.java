package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/// `POST /v1/chat/completions`.
final class ChatSurface {
  private static final int TOKENS_OF_A_MESSAGE = 3;
  private static final int TOKENS_OF_THE_START = 3;

  private final CompletionMaker maker;
  private final ChatChunks chunks = new ChatChunks();

  ChatSurface(CompletionMaker maker) {
    this.maker = maker;
  }

  Draft draft(JsonNode request, Script script, long seed) {
    Optional<OpenAiError> flaw = flaw(request);
    if (flaw.isPresent()) {
      return Draft.of(flaw.get());
    }
    List<Choice> choices = new ChoiceMaker(request, script.shape(), seed).choices();
    Completion completion = maker.make(request, choices, promptTokens(request), script.usage());
    return request.path("stream").asBoolean()
        ? CompletionStream.draft(completion, chunks)
        : CompletionJson.draft(completion);
  }

  private Optional<OpenAiError> flaw(JsonNode request) {
    return maker
        .modelFlaw(request)
        .or(() -> messagesFlaw(request.path("messages")))
        .or(() -> maker.numbersFlaw(request));
  }

  private static Optional<OpenAiError> messagesFlaw(JsonNode messages) {
    if (messages.isMissingNode()) {
      return CompletionMaker.invalid(
          "messages", "missing_required_parameter", "Missing required parameter: 'messages'.");
    }
    if (!messages.isArray()) {
      return CompletionMaker.invalid(
          "messages",
          "invalid_type",
          "Invalid type for 'messages': expected an array of objects, but got something else.");
    }
    if (messages.isEmpty()) {
      return CompletionMaker.invalid(
          "messages",
          "empty_array",
          "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an"
              + " empty array instead.");
    }
    return Optional.empty();
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
