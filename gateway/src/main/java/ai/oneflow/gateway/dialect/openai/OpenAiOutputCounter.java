package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Measures what a model wrote in one answer, or in one event of a stream, while
/// [OpenAiUsageReader] reads it; copies none of it but to an [AnswerText]. Of reasoning that comes
/// under two names, as some providers send it for the sake of older clients, the longer counts.
final class OpenAiOutputCounter {
  /// No delta of a usual size is longer.
  private static final int HELD_BYTES = JsonScalar.MAX_BYTES;

  private static final JsonField NAME = field("name").holding(HELD_BYTES);
  private static final JsonField ARGUMENTS = field("arguments").holding(HELD_BYTES);
  private static final JsonField FUNCTION = field("function", NAME, ARGUMENTS).holding(0);
  private static final JsonField CALL = JsonField.of(FUNCTION).holding(0);
  private static final JsonField CALLS = array("tool_calls", CALL).holding(0);
  private static final JsonField OLD_CALL = field("function_call", NAME, ARGUMENTS).holding(0);

  private static final JsonField PART_TEXT = field("text").holding(HELD_BYTES);

  /// Mistral's parts within a part.
  private static final JsonField THOUGHT = JsonField.of(PART_TEXT).holding(0);

  private static final JsonField THINKING = array("thinking", THOUGHT).holding(0);
  private static final JsonField PART = JsonField.of(PART_TEXT, THINKING).holding(0);
  private static final JsonField CONTENT = array("content", PART).holding(HELD_BYTES);
  private static final JsonField REFUSAL = field("refusal").holding(HELD_BYTES);
  private static final JsonField REASONING = field("reasoning").holding(0);
  private static final JsonField REASONING_CONTENT = field("reasoning_content").holding(0);
  private static final JsonField[] MEMBERS = {
    CONTENT, REFUSAL, REASONING, REASONING_CONTENT, CALLS, OLD_CALL
  };
  private static final JsonField DELTA = field("delta", MEMBERS).holding(0);
  private static final JsonField MESSAGE = field("message", MEMBERS).holding(0);
  private static final JsonField TEXT = field("text").holding(HELD_BYTES);

  /// What it wants of a choice.
  static final JsonField[] FIELDS = {DELTA, MESSAGE, TEXT};

  private static final Set<JsonField> WRITTEN =
      Set.of(
          CONTENT,
          PART,
          PART_TEXT,
          THINKING,
          THOUGHT,
          REFUSAL,
          REASONING,
          REASONING_CONTENT,
          NAME,
          ARGUMENTS,
          TEXT);
  private static final Set<JsonField> AROUND =
      Set.of(DELTA, MESSAGE, CALLS, CALL, FUNCTION, OLD_CALL);

  private final @Nullable AnswerText text;
  private long plain;
  private long reasoning;
  private long reasoningContent;
  private long before;
  private long pieces;
  private int strings;
  private long stringStart;
  private boolean plainString;
  private boolean keptString;

  /// @param text where what is written is put as well, in the order in which it comes
  OpenAiOutputCounter(@Nullable AnswerText text) {
    this.text = text;
  }

  void reset() {
    plain = reasoning = reasoningContent = pieces = 0;
    strings = 0;
  }

  /// A choice begins.
  void opened() {
    before = bytes();
  }

  void closed() {
    pieces += bytes() > before ? 1 : 0;
  }

  /// Takes the scalar if its field is one that is looked at here, and says whether it was.
  ///
  /// @param start offset of its first byte in the text, of its opening quote if it has one
  /// @param end offset behind its last one
  boolean scalar(JsonField field, JsonScalar value, long start, long end) {
    if (!WRITTEN.contains(field)) {
      return AROUND.contains(field);
    }
    if (value.kind() == JsonScalar.Kind.STRING) {
      add(field, value.size());
      keep(field, value);
      strings++;
      stringStart = start;
      plainString = end - start == value.size() + 2;
      keptString = isKept(field);
    }
    return true;
  }

  /// Where the opening quote is of the only string that was written, if that has no escapes;
  /// otherwise -1.
  long onlyPlainString() {
    return strings == 1 && plainString ? stringStart : -1;
  }

  /// Whether the last string is one that a tokenizer is to count.
  boolean keepsString() {
    return keptString;
  }

  private void add(JsonField field, long size) {
    if (field == REASONING) {
      reasoning += size;
    } else if (field == REASONING_CONTENT) {
      reasoningContent += size;
    } else {
      plain += size;
    }
  }

  private void keep(JsonField field, JsonScalar value) {
    if (text != null && isKept(field)) {
      text.add(value);
    }
  }

  private static boolean isKept(JsonField field) {
    return field != REASONING && field != REASONING_CONTENT;
  }

  private long bytes() {
    return plain + Math.max(reasoning, reasoningContent);
  }

  /// With a text that has begun and not ended.
  long bytesWith(@Nullable JsonField open, long size) {
    if (open == null || !WRITTEN.contains(open)) {
      return bytes();
    }
    if (open == REASONING) {
      return plain + Math.max(reasoning + size, reasoningContent);
    }
    return open == REASONING_CONTENT
        ? plain + Math.max(reasoning, reasoningContent + size)
        : bytes() + size;
  }

  long pieces() {
    return pieces;
  }
}
