package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Needs;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.tokens.OutputCap;
import ai.oneflow.gateway.dialect.tokens.PromptSize;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Adds up what a request gives a model to read and lets it write, while [OpenAiRequestReader]
/// reads it. What it cannot make sense of counts as the larger: a length of the answer that is no
/// whole number as none (some providers take -1 for "no bound"), a part of a message of unknown
/// type as unseen. A number of choices that cannot be read is refused, as the provider might read
/// it. Keeps no text and makes no objects on the way.
final class OpenAiDemandReader {
  /// As many as OpenAI allows.
  private static final int MOST_CHOICES = 128;

  /// The field was not there yet; -1 is one that was, and cannot be read.
  private static final int UNREAD = -2;

  /// As an estimate has it for a token of text.
  private static final int BYTES_OF_A_TOKEN_ID = 4;

  private static final int TYPE_BYTES = 32;
  private static final int SCHEME_BYTES = 5;

  /// Parts that are text alone, or are counted where their content stands.
  private static final Set<String> COUNTED_PARTS =
      Set.of("text", "refusal", "thinking", "image_url", "input_audio");

  /// Tools that the caller runs; others are run by the provider and read what nobody sent.
  private static final Set<String> CALLERS_TOOLS = Set.of("function", "custom");

  private static final JsonField MAX_TOKENS = field("max_tokens");
  private static final JsonField MAX_COMPLETION_TOKENS = field("max_completion_tokens");
  private static final JsonField N = field("n");
  private static final JsonField BEST_OF = field("best_of");
  private static final JsonField PREDICTION = field("prediction");
  private static final JsonField SEARCH = field("web_search_options").holding(0);
  private static final JsonField PLUGINS = field("plugins").holding(0);

  private static final JsonField TOKEN_ID = JsonField.of().holding(0);
  private static final JsonField PROMPT_ITEM = array("", TOKEN_ID).holding(0);
  private static final JsonField PROMPT = array("prompt", PROMPT_ITEM).holding(0);
  private static final JsonField INPUT_ITEM = array("", TOKEN_ID).holding(0);
  private static final JsonField INPUT = array("input", INPUT_ITEM).holding(0);

  private static final JsonField TOOL_TYPE = field("type").holding(TYPE_BYTES);
  private static final JsonField TOOLS = array("tools", JsonField.of(TOOL_TYPE)).holding(0);

  private static final JsonField FUNCTIONS = field("functions").holding(0);
  private static final JsonField FORMAT_TYPE = field("type").holding(TYPE_BYTES);
  private static final JsonField FORMAT = field("response_format", FORMAT_TYPE).holding(0);

  private static final JsonField PART_TYPE = field("type").holding(TYPE_BYTES);
  private static final JsonField IMAGE_DATA = field("url").holding(SCHEME_BYTES);
  private static final JsonField IMAGE = field("image_url", IMAGE_DATA).holding(SCHEME_BYTES);
  private static final JsonField AUDIO_DATA = field("data").holding(0);
  private static final JsonField AUDIO = field("input_audio", AUDIO_DATA).holding(0);
  private static final JsonField FILE_DATA = field("file_data").holding(0);
  private static final JsonField FILE = field("file", FILE_DATA).holding(0);
  private static final JsonField VIDEO_DATA = field("url").holding(SCHEME_BYTES);
  private static final JsonField VIDEO = field("video_url", VIDEO_DATA).holding(SCHEME_BYTES);
  private static final JsonField SOUND_DATA = field("url").holding(SCHEME_BYTES);
  private static final JsonField SOUND = field("audio_url", SOUND_DATA).holding(SCHEME_BYTES);
  private static final JsonField DOCUMENT = field("document_url").holding(SCHEME_BYTES);
  private static final JsonField PART_TEXT = field("text").holding(0);
  private static final JsonField PART =
      JsonField.of(PART_TYPE, PART_TEXT, IMAGE, AUDIO, FILE, VIDEO, SOUND, DOCUMENT).holding(0);
  private static final JsonField CONTENT = array("content", PART).holding(0);

  /// An earlier answer in sound, by its id.
  private static final JsonField EARLIER_AUDIO = field("audio").holding(0);

  private static final JsonField CALLS = field("tool_calls").holding(0);
  private static final JsonField MESSAGE = JsonField.of(CONTENT, CALLS, EARLIER_AUDIO).holding(0);
  private static final JsonField MESSAGES = array("messages", MESSAGE).holding(0);

  private static final Set<JsonField> UNSEEN =
      Set.of(FILE, VIDEO, SOUND, DOCUMENT, EARLIER_AUDIO, SEARCH, PLUGINS);
  private static final Set<JsonField> READ =
      Set.of(CONTENT, PART, PART_TEXT, PROMPT, PROMPT_ITEM, INPUT, INPUT_ITEM);
  private static final Set<JsonField> READ_WHOLE = Set.of(TOOLS, FUNCTIONS, FORMAT, CALLS);
  private static final Set<JsonField> MEDIA =
      Set.of(IMAGE, IMAGE_DATA, FILE, VIDEO, VIDEO_DATA, SOUND, SOUND_DATA, DOCUMENT);

  /// What it wants of the body.
  static final JsonField[] FIELDS = {
    MAX_TOKENS,
    MAX_COMPLETION_TOKENS,
    N,
    BEST_OF,
    PREDICTION,
    SEARCH,
    PLUGINS,
    PROMPT,
    INPUT,
    TOOLS,
    FUNCTIONS,
    FORMAT,
    MESSAGES
  };

  private long inlineBytes;
  private long readBytes;
  private int messages;
  private long audioBytes;
  private int images;
  private boolean unseen;
  private boolean tools;
  private boolean jsonSchema;
  private long maxTokens = UNREAD;
  private long maxCompletionTokens = UNREAD;
  private int n = UNREAD;
  private int bestOf = UNREAD;
  private int prompts;
  private long wholeStart;
  private long predictedBytes;

  /// Begins another body.
  void reset() {
    inlineBytes = audioBytes = readBytes = 0;
    messages = 0;
    images = 0;
    unseen = tools = jsonSchema = false;
    maxTokens = maxCompletionTokens = UNREAD;
    n = bestOf = UNREAD;
    prompts = 0;
    predictedBytes = 0;
  }

  /// What a body of so many bytes gives to read.
  PromptSize prompt(long bodyBytes) {
    return new PromptSize(bodyBytes - inlineBytes, readBytes, messages, images, audioBytes, unseen);
  }

  Needs needs() {
    return tools || jsonSchema || images > 0
        ? new Needs(tools, images > 0, jsonSchema)
        : Needs.NOTHING;
  }

  OutputCap output() {
    return new OutputCap(
        Math.max(OutputCap.NONE, maxTokens),
        Math.max(OutputCap.NONE, maxCompletionTokens),
        Math.max(1, Math.max(n, bestOf)),
        Math.max(1, prompts),
        predictedBytes);
  }

  /// What is wrong with the value, or null.
  @Nullable String scalar(JsonField field, JsonScalar value, long length) {
    if (field == MAX_TOKENS || field == MAX_COMPLETION_TOKENS || field == N || field == BEST_OF) {
      return number(field, value);
    }
    if (value.kind() == JsonScalar.Kind.STRING) {
      string(field, value, length);
    } else if (value.kind() == JsonScalar.Kind.NUMBER) {
      readBytes += isTokenId(field) ? BYTES_OF_A_TOKEN_ID : 0;
    } else if (field == SEARCH || field == PLUGINS) {
      unseen |= value.kind() == JsonScalar.Kind.TRUE;
    }
    return null;
  }

  private @Nullable String number(JsonField field, JsonScalar value) {
    long read = field == MAX_TOKENS ? maxTokens : field == N ? n : bestOf;
    if ((field == MAX_COMPLETION_TOKENS ? maxCompletionTokens : read) != UNREAD) {
      return field.name() + " is given twice.";
    }
    long number = value.wholeNumber();
    if (field == MAX_TOKENS) {
      maxTokens = number;
    } else if (field == MAX_COMPLETION_TOKENS) {
      maxCompletionTokens = number;
    } else if (value.kind() != JsonScalar.Kind.NULL && (number < 1 || number > MOST_CHOICES)) {
      return field.name() + " must be a whole number from 1 to " + MOST_CHOICES + ".";
    } else if (field == N) {
      n = (int) number;
    } else {
      bestOf = (int) number;
    }
    return null;
  }

  private static boolean isTokenId(JsonField field) {
    return field == TOKEN_ID || field == PROMPT_ITEM || field == INPUT_ITEM;
  }

  private void string(JsonField field, JsonScalar value, long length) {
    if (READ.contains(field)) {
      readBytes += value.size();
      prompts += field == PROMPT_ITEM ? 1 : 0;
    } else if (field == TOOL_TYPE) {
      unseen |= !CALLERS_TOOLS.contains(value.text());
      tools = true;
    } else if (field == FORMAT_TYPE) {
      jsonSchema |= value.text().equals("json_schema");
    } else if (field == PART_TYPE) {
      unseen |= !COUNTED_PARTS.contains(value.text());
    } else if (field == AUDIO_DATA) {
      audioBytes += length;
      inlineBytes += length;
    } else if (field == FILE_DATA) {
      inlineBytes += length;
    } else if (MEDIA.contains(field)) {
      medium(field);
      inlineBytes += isDataUrl(value) ? length : 0;
    }
  }

  /// By the part that it is the value of; the URL inside an object adds nothing to it.
  private void medium(JsonField field) {
    if (field == IMAGE) {
      images++;
    } else {
      unseen |= UNSEEN.contains(field);
    }
  }

  private static boolean isDataUrl(JsonScalar value) {
    return value.text().equalsIgnoreCase("data:");
  }

  /// An object or array begins.
  ///
  /// @return whether the field may be one
  boolean opened(JsonField field, long start) {
    if (field == PROMPT_ITEM) {
      prompts++;
    } else if (field == MESSAGE) {
      messages++;
    } else if (field == PREDICTION || READ_WHOLE.contains(field)) {
      wholeStart = start;
    } else {
      medium(field);
    }
    return field != MAX_TOKENS && field != MAX_COMPLETION_TOKENS && field != N && field != BEST_OF;
  }

  void closed(JsonField field, long end) {
    if (field == PREDICTION) {
      predictedBytes += end - wholeStart;
    } else if (READ_WHOLE.contains(field)) {
      readBytes += end - wholeStart;
    }
  }
}
