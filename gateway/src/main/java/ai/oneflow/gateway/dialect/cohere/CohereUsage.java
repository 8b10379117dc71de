package ai.oneflow.gateway.dialect.cohere;

import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import ai.oneflow.gateway.dialect.usage.UsageListener;
import java.util.Optional;

/// Usage in Cohere's APIs: `usage` of `/v2/chat` (<https://docs.cohere.com/reference/chat>), in a
/// stream below `delta` of the event `message-end`
/// (<https://docs.cohere.com/v2/docs/streaming>); `meta` of embeddings
/// (<https://docs.cohere.com/reference/embed>).
///
/// They hold two counts of the same request. `billed_units` are what Cohere charges
/// (<https://docs.cohere.com/docs/how-does-cohere-pricing-work>): they leave out what Cohere itself
/// put around the prompt. `tokens` are all that the model saw. So `billed_units` are read, and
/// `tokens` only where there are none, as with others who host these models. `cached_tokens` are
/// part of `tokens` and may be more than all `billed_units`: beside those they are not read, and
/// nothing that Cohere publishes gives them a price.
public final class CohereUsage implements UsageListener {
  private static final JsonField BILLED_INPUT = field("input_tokens");
  private static final JsonField BILLED_OUTPUT = field("output_tokens");
  private static final JsonField ALL_INPUT = field("input_tokens");
  private static final JsonField ALL_OUTPUT = field("output_tokens");
  private static final JsonField CACHED = field("cached_tokens");
  private static final JsonField[] PARTS = {
    field("billed_units", BILLED_INPUT, BILLED_OUTPUT),
    field("tokens", ALL_INPUT, ALL_OUTPUT),
    CACHED
  };
  private static final JsonField USAGE = field("usage", PARTS);
  private static final JsonField META = field("meta", PARTS);
  private static final JsonField ROOT = JsonField.of(USAGE, META, field("delta", USAGE));

  private final Counts counts =
      new Counts(BILLED_INPUT, BILLED_OUTPUT, ALL_INPUT, ALL_OUTPUT, CACHED);
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
    if (field == USAGE || field == META) {
      counts.clear();
    }
  }

  @Override
  public void closed(JsonField field, long end, boolean empty) {
    if (field != USAGE && field != META) {
      return;
    }
    if (!counts.readable()) {
      usage = Optional.empty();
    } else if (counts.has(BILLED_INPUT) || counts.has(BILLED_OUTPUT)) {
      usage = used(counts.of(BILLED_INPUT), 0, counts.of(BILLED_OUTPUT));
    } else if (counts.has(ALL_INPUT) || counts.has(ALL_OUTPUT)) {
      usage = used(counts.of(ALL_INPUT), counts.of(CACHED), counts.of(ALL_OUTPUT));
    }
  }

  private static Optional<Usage> used(long input, long cached, long output) {
    return Optional.of(new Usage(input, cached, 0, 0, 0, output, 0, 0));
  }
}
