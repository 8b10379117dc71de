package ai.oneflow.gateway.dialect.ollama;

import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import ai.oneflow.gateway.dialect.usage.UsageListener;
import java.util.Optional;

/// Usage in Ollama's `/api/chat`, `/api/generate` and `/api/embed`
/// (<https://github.com/ollama/ollama/blob/main/docs/api.md>): in the answer itself, or in the line
/// that ends a stream. `prompt_eval_count` is all of the prompt, cached or not; `eval_count` is all
/// of the answer, thinking included.
public final class OllamaUsage implements UsageListener {
  private static final JsonField PROMPT = field("prompt_eval_count");
  private static final JsonField ANSWER = field("eval_count");
  private static final JsonField ROOT = JsonField.of(PROMPT, ANSWER);

  private final Counts counts = new Counts(PROMPT, ANSWER);
  private Optional<Usage> usage = Optional.empty();

  @Override
  public JsonField root() {
    return ROOT;
  }

  @Override
  public Optional<Usage> usage() {
    return usage;
  }

  @Override
  public void scalar(JsonField field, JsonScalar value, long start, long end) {
    counts.take(field, value);
  }

  @Override
  public void opened(JsonField field, boolean object, long start) {
    counts.clear();
  }

  @Override
  public void closed(JsonField field, long end, boolean empty) {
    if (!counts.readable()) {
      usage = Optional.empty();
    } else if (counts.has(PROMPT) || counts.has(ANSWER)) {
      usage = Optional.of(new Usage(counts.of(PROMPT), 0, 0, 0, 0, counts.of(ANSWER), 0, 0));
    }
  }
}
