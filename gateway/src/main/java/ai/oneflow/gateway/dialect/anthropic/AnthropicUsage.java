package ai.oneflow.gateway.dialect.anthropic;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import ai.oneflow.gateway.dialect.usage.UsageListener;
import java.util.Optional;

/// Usage in Anthropic's Messages API
/// (<https://platform.claude.com/docs/en/api/messages#response-usage>,
/// <https://platform.claude.com/docs/en/build-with-claude/prompt-caching>).
///
/// `input_tokens` are those behind the last point of the cache alone: `cache_read_input_tokens` and
/// `cache_creation_input_tokens` come on top of them. The latter are split by `cache_creation` into
/// what lives for five minutes and for an hour; without it all live for five minutes. Thinking is
/// part of `output_tokens`.
///
/// A stream says them twice (<https://platform.claude.com/docs/en/build-with-claude/streaming>):
/// `message_start` has the prompt's and the first tokens of output, `message_delta` has cumulative
/// figures, and may leave out what has not changed. So here, alone of all dialects, a figure that
/// is not repeated stays.
///
/// Compaction on the server
/// (<https://platform.claude.com/docs/en/build-with-claude/compaction>) is charged but is not in
/// these figures: its entries of `iterations` are added. What another model did in between (an
/// advisor) is charged at that model's price and is not read.
public final class AnthropicUsage implements UsageListener {
  private static final JsonField TYPE = field("type");
  private static final JsonField ITERATION = JsonField.of(MessageCounts.fields(TYPE));
  private static final JsonField ITERATIONS = array("iterations", ITERATION);
  private static final JsonField USAGE = field("usage", MessageCounts.fields(ITERATIONS));
  private static final JsonField MESSAGE = field("message", USAGE);
  private static final JsonField ROOT = JsonField.of(MESSAGE, USAGE);
  private static final String COMPACTION = "compaction";

  private final MessageCounts message = new MessageCounts();
  private final MessageCounts iteration = new MessageCounts();
  private boolean started;
  private boolean inMessage;
  private boolean inIteration;
  private boolean compaction;
  private Optional<Usage> compacted = Optional.of(Usage.NONE);
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
    if (field == TYPE) {
      compaction = value.text().equals(COMPACTION);
    } else {
      (inIteration ? iteration : message).take(field, value);
    }
  }

  @Override
  public void opened(JsonField field, boolean object, long start) {
    if (field == ROOT) {
      inMessage = false; // the event before may have broken off within
      inIteration = false;
    } else if (field == MESSAGE) {
      inMessage = true;
    } else if (field == USAGE && (inMessage || !started)) {
      message.clear();
      compacted = Optional.of(Usage.NONE);
      started = inMessage;
    } else if (field == ITERATIONS) {
      compacted = Optional.of(Usage.NONE);
    } else if (field == ITERATION) {
      iteration.clear();
      compaction = false;
      inIteration = true;
    }
  }

  @Override
  public void closed(JsonField field, long end, boolean empty) {
    if (field == MESSAGE) {
      inMessage = false;
    } else if (field == ITERATION) {
      inIteration = false;
      if (compaction) {
        compacted = sum(compacted, iteration.usage());
      }
    } else if (field == USAGE && message.any()) {
      usage = sum(message.usage(), compacted);
    }
  }

  private static Optional<Usage> sum(Optional<Usage> one, Optional<Usage> other) {
    return one.flatMap(first -> other.map(first::plus))
        .filter(sum -> Math.max(sum.inputTokens(), sum.outputTokens()) <= Counts.MOST_TOKENS);
  }
}
