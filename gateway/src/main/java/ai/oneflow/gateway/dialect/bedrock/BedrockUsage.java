package ai.oneflow.gateway.dialect.bedrock;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import ai.oneflow.gateway.dialect.usage.UsageListener;
import java.util.Optional;

/// Usage in Bedrock's Converse, and in the event `metadata` of ConverseStream
/// (<https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html>).
///
/// `cacheReadInputTokens` and `cacheWriteInputTokens` come on top of `inputTokens`
/// (<https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>); `totalTokens` is
/// the sum of all four. What of the latter lives for an hour is in `cacheDetails`; without it all
/// live for five minutes. Reasoning is part of `outputTokens` and is not told apart.
public final class BedrockUsage implements UsageListener {
  private static final JsonField INPUT = field("inputTokens");
  private static final JsonField OUTPUT = field("outputTokens");
  private static final JsonField READ = field("cacheReadInputTokens");
  private static final JsonField WRITE = field("cacheWriteInputTokens");
  private static final JsonField TTL = field("ttl");
  private static final JsonField WRITTEN = field("inputTokens");
  private static final JsonField CACHE_DETAIL = JsonField.of(TTL, WRITTEN);
  private static final JsonField USAGE =
      field("usage", INPUT, OUTPUT, READ, WRITE, array("cacheDetails", CACHE_DETAIL));
  private static final JsonField ROOT = JsonField.of(USAGE);
  private static final String AN_HOUR = "1h";

  private final Counts counts = new Counts(INPUT, OUTPUT, READ, WRITE);
  private final Counts detail = new Counts(WRITTEN);
  private boolean anHour;
  private long writtenForAnHour;
  private boolean readable;
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
    if (field == TTL) {
      anHour = value.text().equals(AN_HOUR);
    } else if (field == WRITTEN) {
      detail.take(field, value);
    } else {
      counts.take(field, value);
    }
  }

  @Override
  public void opened(JsonField field, boolean object, long start) {
    if (field == USAGE) {
      counts.clear();
      readable = true;
      writtenForAnHour = 0;
    } else if (field == CACHE_DETAIL) {
      detail.clear();
      anHour = false;
    }
  }

  @Override
  public void closed(JsonField field, long end, boolean empty) {
    if (field == CACHE_DETAIL) {
      readable &= detail.readable();
      writtenForAnHour = anHour ? detail.of(WRITTEN) : writtenForAnHour;
    } else if (field == USAGE) {
      usageEnds();
    }
  }

  private void usageEnds() {
    if (!counts.readable() || !readable) {
      usage = Optional.empty();
    } else if (counts.has(INPUT) || counts.has(OUTPUT)) {
      usage = Optional.of(counted());
    }
  }

  private Usage counted() {
    long read = counts.of(READ);
    long written = counts.of(WRITE);
    long anHourOfIt = Math.min(writtenForAnHour, written);
    return new Usage(
        counts.of(INPUT) + read + written,
        read,
        written - anHourOfIt,
        anHourOfIt,
        0,
        counts.of(OUTPUT),
        0,
        0);
  }
}
