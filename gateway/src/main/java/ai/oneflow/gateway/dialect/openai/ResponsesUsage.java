package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import ai.oneflow.gateway.dialect.usage.UsageListener;
import java.util.Optional;

/// Usage in OpenAI's Responses API (<https://platform.openai.com/docs/api-reference/responses>): in
/// the response, and in the event that ends a stream (`response.completed`, `response.incomplete`,
/// `response.failed`) below `response`; `null` in those before it.
///
/// `cached_tokens`, `cache_write_tokens` and `audio_tokens` are part of `input_tokens`, and
/// `reasoning_tokens` and `audio_tokens` of `output_tokens`. The Realtime API
/// (<https://platform.openai.com/docs/api-reference/realtime-server-events/response/done>) and
/// transcriptions say `input_token_details`; there cached audio is part of both `audio_tokens` and
/// `cached_tokens`, and is taken out of the former.
public final class ResponsesUsage implements UsageListener {
  private static final JsonField INPUT = field("input_tokens");
  private static final JsonField CACHED = field("cached_tokens");
  private static final JsonField CACHED_AUDIO = field("audio_tokens");
  private static final JsonField CACHE_WRITE = field("cache_write_tokens");
  private static final JsonField AUDIO_IN = field("audio_tokens");
  private static final JsonField[] INPUT_PARTS = {
    CACHED, CACHE_WRITE, AUDIO_IN, field("cached_tokens_details", CACHED_AUDIO)
  };
  private static final JsonField OUTPUT = field("output_tokens");
  private static final JsonField REASONING = field("reasoning_tokens");
  private static final JsonField AUDIO_OUT = field("audio_tokens");
  private static final JsonField[] OUTPUT_PARTS = {REASONING, AUDIO_OUT};
  private static final JsonField USAGE =
      field(
          "usage",
          INPUT,
          field("input_tokens_details", INPUT_PARTS),
          field("input_token_details", INPUT_PARTS),
          OUTPUT,
          field("output_tokens_details", OUTPUT_PARTS),
          field("output_token_details", OUTPUT_PARTS));
  private static final JsonField ROOT = JsonField.of(USAGE, field("response", USAGE));

  private final Counts counts =
      new Counts(INPUT, CACHED, CACHED_AUDIO, CACHE_WRITE, AUDIO_IN, OUTPUT, REASONING, AUDIO_OUT);
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
    if (field == USAGE) {
      counts.clear();
    }
  }

  @Override
  public void closed(JsonField field, long end, boolean empty) {
    if (field != USAGE) {
      return;
    }
    if (!counts.readable()) {
      usage = Optional.empty();
    } else if (counts.has(INPUT) || counts.has(OUTPUT)) {
      usage = Optional.of(counted());
    }
  }

  private Usage counted() {
    return new Usage(
        counts.of(INPUT),
        counts.of(CACHED),
        counts.of(CACHE_WRITE),
        0,
        Math.max(0, counts.of(AUDIO_IN) - counts.of(CACHED_AUDIO)),
        counts.of(OUTPUT),
        counts.of(REASONING),
        counts.of(AUDIO_OUT));
  }
}
