package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import java.util.Optional;

/// The counts of one `usage` object as OpenAI names them
/// (<https://platform.openai.com/docs/api-reference/chat/object>): `cached_tokens`, `audio_tokens`
/// and `cache_write_tokens` (the last OpenRouter's, too) are part of `prompt_tokens`;
/// `reasoning_tokens` and `audio_tokens` are part of `completion_tokens`. What is written to
/// a cache without a word of how long it lives is taken for the shorter time.
///
/// Others who speak the dialect differ, and nothing but their figures tells who they are:
/// - cached tokens stand beside `prompt_tokens`: as `cached_tokens` (Together, Moonshot), as
///   `prompt_cache_hit_tokens` (DeepSeek, <https://api-docs.deepseek.com/guides/kv_cache>), as
///   `cached_prompt_text_tokens` (xAI). OpenAI's own place goes first.
/// - reasoning stands beside `completion_tokens`, as `reasoning_tokens` (xAI, Perplexity).
/// - reasoning is not part of `completion_tokens`, but of `total_tokens` (xAI,
///   <https://docs.x.ai/docs/key-information/consumption-and-rate-limits>), or is not listed at all
///   and only in `total_tokens` (Gemini behind its OpenAI endpoint). See [#unlistedOutput].
/// - `total_tokens` alone is an embedding's input (Voyage).
final class CompletionCounts {
  private static final JsonField PROMPT = field("prompt_tokens");
  private static final JsonField CACHED = field("cached_tokens");
  private static final JsonField CACHE_WRITE = field("cache_write_tokens");
  private static final JsonField AUDIO_IN = field("audio_tokens");
  private static final JsonField CACHED_BESIDE = field("cached_tokens");
  private static final JsonField CACHE_HIT = field("prompt_cache_hit_tokens");
  private static final JsonField CACHED_TEXT = field("cached_prompt_text_tokens");
  private static final JsonField COMPLETION = field("completion_tokens");
  private static final JsonField REASONING = field("reasoning_tokens");
  private static final JsonField AUDIO_OUT = field("audio_tokens");
  private static final JsonField REASONING_BESIDE = field("reasoning_tokens");
  private static final JsonField TOTAL = field("total_tokens");

  /// The members of a `usage` object.
  static final JsonField[] FIELDS = {
    PROMPT,
    field("prompt_tokens_details", CACHED, CACHE_WRITE, AUDIO_IN),
    COMPLETION,
    field("completion_tokens_details", REASONING, AUDIO_OUT),
    TOTAL,
    CACHED_BESIDE,
    CACHE_HIT,
    CACHED_TEXT,
    REASONING_BESIDE
  };

  private static final long ABSENT = -1;

  private long prompt;
  private long cached;
  private long cachedBeside;
  private long cacheWrite;
  private long audioIn;
  private long completion;
  private long reasoning;
  private long reasoningBeside;
  private long audioOut;
  private long total;
  private boolean readable;

  CompletionCounts() {
    clear();
  }

  void clear() {
    prompt = cached = cachedBeside = completion = reasoning = ABSENT;
    cacheWrite = audioIn = reasoningBeside = audioOut = total = 0;
    readable = true;
  }

  /// Takes what stands at one of the fields. A total that is no count is left aside: the figures
  /// that are charged can be read without it.
  void take(JsonField field, JsonScalar value) {
    long count = value.wholeDecimal();
    boolean isCount = count >= 0 && count <= Counts.MOST_TOKENS;
    if (field == TOTAL) {
      total = isCount ? count : 0;
    } else if (!isCount) {
      readable = false;
    } else if (!tookInput(field, count)) {
      takeOutput(field, count);
    }
  }

  private boolean tookInput(JsonField field, long count) {
    if (field == PROMPT) {
      prompt = count;
    } else if (field == CACHED) {
      cached = count;
    } else if (field == AUDIO_IN) {
      audioIn = count;
    } else if (field == CACHE_WRITE) {
      cacheWrite = count;
    } else if (field == CACHED_BESIDE || field == CACHE_HIT || field == CACHED_TEXT) {
      cachedBeside = count;
    } else {
      return false;
    }
    return true;
  }

  private void takeOutput(JsonField field, long count) {
    if (field == COMPLETION) {
      completion = count;
    } else if (field == REASONING) {
      reasoning = count;
    } else if (field == AUDIO_OUT) {
      audioOut = count;
    } else if (field == REASONING_BESIDE) {
      reasoningBeside = count;
    }
  }

  /// Whether there is a figure of either side, though it may be unreadable.
  boolean any() {
    return !readable || prompt != ABSENT || completion != ABSENT;
  }

  /// Empty where a count is none.
  Optional<Usage> usage() {
    if (!readable) {
      return Optional.empty();
    }
    long fromCache = Math.max(0, cached == ABSENT ? cachedBeside : cached);
    long reasoned = reasoning == ABSENT ? reasoningBeside : reasoning;
    long unlisted = unlistedOutput(reasoned, fromCache + cacheWrite);
    return Optional.of(
        new Usage(
            Math.max(0, prompt),
            fromCache,
            cacheWrite,
            0,
            audioIn,
            Math.max(0, completion) + unlisted,
            Math.max(reasoned, unlisted),
            audioOut));
  }

  /// What an answer without a word of either side used: an embedding's input.
  Optional<Usage> ofTotalAlone() {
    return total > 0 ? Optional.of(new Usage(total, 0, 0, 0, 0, 0, 0, 0)) : Optional.empty();
  }

  /// Reasoning that `completion_tokens` leaves out, by the provider's own total: it exceeds both
  /// sides by just the reasoning, or by tokens of which nothing else is said. With OpenAI the total
  /// is the sum of both sides, and this is zero.
  ///
  /// @param cache tokens that could explain a total that counts a cache apart
  private long unlistedOutput(long reasoned, long cache) {
    if (prompt == ABSENT || completion == ABSENT) {
      return 0;
    }
    long excess = total - prompt - completion;
    boolean itemised = reasoned > 0 || cache > 0;
    return excess > 0 && (excess == reasoned || !itemised) ? excess : 0;
  }
}
