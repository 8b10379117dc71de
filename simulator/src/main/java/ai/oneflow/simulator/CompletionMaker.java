package ai.oneflow.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// What the two APIs that complete text have in common: model, numbers, ids, usage.
final class CompletionMaker {
  private static final int MOST_CHOICES = 8;

  private final long seed;
  private final Models models;
  private final Clock clock;
  private final AtomicLong answered = new AtomicLong();

  CompletionMaker(long seed, Models models, Clock clock) {
    this.seed = seed;
    this.models = models;
    this.clock = clock;
  }

  private String nextId() {
    long mixed = (seed ^ answered.incrementAndGet()) * 0x9E3779B97F4A7C15L;
    return Long.toUnsignedString(mixed, 36);
  }

  Optional<OpenAiError> modelFlaw(JsonNode request) {
    String model = request.path("model").asText("");
    if (model.isEmpty()) {
      return invalid("", "", "you must provide a model parameter");
    }
    return models.knows(model) ? Optional.empty() : Optional.of(OpenAiError.unknownModel(model));
  }

  Optional<OpenAiError> numbersFlaw(JsonNode request) {
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

  static Optional<OpenAiError> invalid(String param, String code, String message) {
    return Optional.of(OpenAiError.invalid(param, code, message));
  }

  Completion make(JsonNode request, List<Choice> choices, int promptTokens, UsageReport report) {
    int produced = choices.stream().mapToInt(choice -> choice.tokens().size()).sum();
    return new Completion(
        nextId(),
        Models.dated(request.path("model").asText()),
        clock.instant().getEpochSecond(),
        choices,
        report.applyTo(new Usage(promptTokens, produced, 0, 0)),
        new Completion.Telling(
            report.placement(), request.path("stream_options").path("include_usage").asBoolean()));
  }
}
