package ai.oneflow.gateway.dialect.anthropic;

import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import java.util.Arrays;
import java.util.Optional;

/// The counts of one sampling of a model as Anthropic names them; [AnthropicUsage] says what is
/// part of what.
final class MessageCounts {
  private static final JsonField INPUT = field("input_tokens");
  private static final JsonField READ = field("cache_read_input_tokens");
  private static final JsonField CREATION = field("cache_creation_input_tokens");
  private static final JsonField CREATION_5M = field("ephemeral_5m_input_tokens");
  private static final JsonField CREATION_1H = field("ephemeral_1h_input_tokens");
  private static final JsonField OUTPUT = field("output_tokens");
  private static final JsonField THINKING = field("thinking_tokens");

  private static final JsonField[] OWN = {
    INPUT,
    READ,
    CREATION,
    field("cache_creation", CREATION_5M, CREATION_1H),
    OUTPUT,
    field("output_tokens_details", THINKING)
  };

  private final Counts counts =
      new Counts(INPUT, READ, CREATION, CREATION_5M, CREATION_1H, OUTPUT, THINKING);

  /// The members of an object of counts, and others.
  static JsonField[] fields(JsonField... others) {
    JsonField[] fields = Arrays.copyOf(others, others.length + OWN.length);
    System.arraycopy(OWN, 0, fields, others.length, OWN.length);
    return fields;
  }

  void clear() {
    counts.clear();
  }

  void take(JsonField field, JsonScalar value) {
    counts.take(field, value);
  }

  /// Whether there is a figure, though it may be unreadable.
  boolean any() {
    return !counts.readable() || counts.has(INPUT) || counts.has(OUTPUT);
  }

  /// Empty where a count is none.
  Optional<Usage> usage() {
    if (!counts.readable()) {
      return Optional.empty();
    }
    long split = counts.of(CREATION_5M) + counts.of(CREATION_1H);
    long written = counts.has(CREATION) ? counts.of(CREATION) : split;
    long written1h = Math.min(counts.of(CREATION_1H), written);
    long read = counts.of(READ);
    return Optional.of(
        new Usage(
            counts.of(INPUT) + read + written,
            read,
            written - written1h,
            written1h,
            0,
            counts.of(OUTPUT),
            counts.of(THINKING),
            0));
  }
}
