package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/// `POST /v1/completions`: for each prompt `n` choices.
final class TextSurface {
  private static final int USUAL_MOST_TOKENS = 16;
  private static final int MOST_PROMPTS = 64;

  private final CompletionMaker maker;
  private final TextWire wire = new TextWire();

  TextSurface(CompletionMaker maker) {
    this.maker = maker;
  }

  Draft draft(JsonNode request, Script script, long seed) {
    List<JsonNode> prompts = prompts(request.path("prompt"));
    Optional<OpenAiError> flaw = flaw(request, prompts);
    if (flaw.isPresent()) {
      return Draft.of(flaw.get());
    }
    int count = prompts.size() * request.path("n").asInt(1);
    int limit = request.path("max_tokens").asInt(USUAL_MOST_TOKENS);
    List<Choice> choices = new ChoiceMaker(request, script.shape(), seed).texts(count, limit);
    int promptTokens = prompts.stream().mapToInt(TextSurface::tokensOf).sum();
    Completion completion = maker.make(request, choices, promptTokens, script.usage());
    return request.path("stream").asBoolean()
        ? CompletionStream.draft(completion, wire)
        : wire.json(completion);
  }

  private Optional<OpenAiError> flaw(JsonNode request, List<JsonNode> prompts) {
    return maker
        .modelFlaw(request)
        .or(() -> maker.numbersFlaw(request))
        .or(
            () ->
                prompts.isEmpty() || prompts.size() > MOST_PROMPTS
                    ? CompletionMaker.invalid("prompt", "", "'prompt' must hold 1 to 64 prompts.")
                    : Optional.empty());
  }

  /// A text, an array of texts, one prompt's token numbers, or an array of those. Without a prompt
  /// the model begins where a document does.
  private static List<JsonNode> prompts(JsonNode prompt) {
    boolean several = prompt.isArray() && !prompt.path(0).isNumber();
    return several ? prompt.valueStream().toList() : List.of(prompt);
  }

  private static int tokensOf(JsonNode prompt) {
    return prompt.isArray() ? prompt.size() : Usage.tokensOf(prompt.asText(""));
  }
}
