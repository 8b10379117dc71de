package ai.oneflow.gateway.dialect.gemini;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.usage.Counts;
import ai.oneflow.gateway.dialect.usage.UsageListener;
import java.util.Optional;

/// Usage in Gemini's `generateContent`, and in each event of `streamGenerateContent`, counted up to
/// there (<https://ai.google.dev/api/generate-content#UsageMetadata>), by Google AI and Vertex AI
/// alike.
///
/// `cachedContentTokenCount` is part of `promptTokenCount`, but `toolUsePromptTokenCount` (what
/// tools on Google's side fed back) comes on top of it, and `thoughtsTokenCount` on top of
/// `candidatesTokenCount`. Audio is found by modality, is part of its side, and on the input side
/// is part of what is cached as well, out of which it is taken here: cached audio counts as cached.
public final class GeminiUsage implements UsageListener {
  private static final JsonField PROMPT = field("promptTokenCount");
  private static final JsonField CACHED = field("cachedContentTokenCount");
  private static final JsonField TOOL_USE = field("toolUsePromptTokenCount");
  private static final JsonField CANDIDATES = field("candidatesTokenCount");
  private static final JsonField THOUGHTS = field("thoughtsTokenCount");

  private static final JsonField MODALITY = field("modality");
  private static final JsonField TOKENS = field("tokenCount");
  private static final JsonField OF_PROMPT = JsonField.of(MODALITY, TOKENS);
  private static final JsonField OF_CACHE = JsonField.of(MODALITY, TOKENS);
  private static final JsonField OF_TOOL_USE = JsonField.of(MODALITY, TOKENS);
  private static final JsonField OF_CANDIDATES = JsonField.of(MODALITY, TOKENS);
  private static final String AUDIO = "AUDIO";

  private static final JsonField USAGE =
      field(
          "usageMetadata",
          PROMPT,
          CACHED,
          TOOL_USE,
          CANDIDATES,
          THOUGHTS,
          array("promptTokensDetails", OF_PROMPT),
          array("cacheTokensDetails", OF_CACHE),
          array("toolUsePromptTokensDetails", OF_TOOL_USE),
          array("candidatesTokensDetails", OF_CANDIDATES));
  private static final JsonField ROOT = JsonField.of(USAGE);

  private final Counts counts = new Counts(PROMPT, CACHED, TOOL_USE, CANDIDATES, THOUGHTS);
  private final Counts modality = new Counts(TOKENS);
  private boolean audio;
  private boolean readable;
  private long audioIn;
  private long audioOfTools;
  private long audioCached;
  private long audioOut;
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
    if (field == MODALITY) {
      audio = value.text().equals(AUDIO);
    } else if (field == TOKENS) {
      modality.take(field, value);
    } else {
      counts.take(field, value);
    }
  }

  @Override
  public void opened(JsonField field, boolean object, long start) {
    if (field == USAGE) {
      counts.clear();
      readable = true;
      audioIn = audioOfTools = audioCached = audioOut = 0;
    } else if (isModality(field)) {
      modality.clear();
      audio = false;
    }
  }

  private static boolean isModality(JsonField field) {
    return field == OF_PROMPT
        || field == OF_CACHE
        || field == OF_TOOL_USE
        || field == OF_CANDIDATES;
  }

  @Override
  public void closed(JsonField field, long end, boolean empty) {
    if (isModality(field)) {
      readable &= modality.readable();
      audio(field, audio ? modality.of(TOKENS) : 0);
    } else if (field == USAGE) {
      usageEnds();
    }
  }

  private void audio(JsonField list, long tokens) {
    if (list == OF_CACHE) {
      audioCached = Math.max(audioCached, tokens);
    } else if (list == OF_CANDIDATES) {
      audioOut = Math.max(audioOut, tokens);
    } else if (list == OF_PROMPT) {
      audioIn = Math.max(audioIn, tokens);
    } else {
      audioOfTools = Math.max(audioOfTools, tokens);
    }
  }

  private void usageEnds() {
    if (!counts.readable() || !readable) {
      usage = Optional.empty();
    } else if (counts.has(PROMPT) || counts.has(CANDIDATES) || counts.has(THOUGHTS)) {
      usage = Optional.of(counted());
    }
  }

  private Usage counted() {
    return new Usage(
        counts.of(PROMPT) + counts.of(TOOL_USE),
        counts.of(CACHED),
        0,
        0,
        Math.max(0, audioIn - audioCached) + audioOfTools,
        counts.of(CANDIDATES) + counts.of(THOUGHTS),
        counts.of(THOUGHTS),
        audioOut);
  }
}
