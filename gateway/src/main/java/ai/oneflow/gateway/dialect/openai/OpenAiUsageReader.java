package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonListener;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads a provider's own figures out of one answer, or out of one event of a stream
/// (<https://platform.openai.com/docs/api-reference/chat/object>). A count that is no whole number,
/// negative or beyond a trillion makes the usage unreadable rather than zero. Reusable by [#reset];
/// not thread-safe.
public final class OpenAiUsageReader {
  private static final JsonField PROMPT = field("prompt_tokens");
  private static final JsonField CACHED = field("cached_tokens");
  private static final JsonField AUDIO_IN = field("audio_tokens");
  private static final JsonField PROMPT_DETAILS = field("prompt_tokens_details", CACHED, AUDIO_IN);
  private static final JsonField COMPLETION = field("completion_tokens");
  private static final JsonField REASONING = field("reasoning_tokens");
  private static final JsonField AUDIO_OUT = field("audio_tokens");
  private static final JsonField COMPLETION_DETAILS =
      field("completion_tokens_details", REASONING, AUDIO_OUT);
  private static final JsonField USAGE =
      field("usage", PROMPT, PROMPT_DETAILS, COMPLETION, COMPLETION_DETAILS);
  private static final JsonField FINISH_REASON = field("finish_reason");
  private static final JsonField CHOICE =
      JsonField.of(
          Stream.concat(Stream.of(FINISH_REASON), Stream.of(OpenAiOutputCounter.FIELDS))
              .toArray(JsonField[]::new));
  private static final JsonField CHOICES = array("choices", CHOICE);
  private static final JsonField ERROR = field("error");
  private static final JsonField ROOT = JsonField.of(USAGE, CHOICES, ERROR);

  /// More than any request can use, and few enough for millions of requests to be added up.
  private static final long MOST_TOKENS = 1_000_000_000_000L;

  private final Listener listener = new Listener();
  private final OpenAiOutputCounter output = new OpenAiOutputCounter();
  private final JsonScanner scanner = new JsonScanner(ROOT, listener);
  private long prompt;
  private long cached;
  private long audioIn;
  private long completion;
  private long reasoning;
  private long audioOut;
  private boolean usageSeen;
  private boolean usageEnded;
  private boolean counted;
  private boolean readable;
  private boolean choicesEmpty;
  private boolean finished;
  private boolean error;

  /// Begins another text.
  public void reset() {
    scanner.reset(listener);
    output.reset();
    prompt = cached = audioIn = completion = reasoning = audioOut = 0;
    usageSeen = false;
    usageEnded = false;
    counted = false;
    readable = true;
    choicesEmpty = false;
    finished = false;
    error = false;
  }

  public void read(ByteBuf piece) {
    scanner.scan(piece);
  }

  /// Whether the text is complete and JSON.
  public boolean complete() {
    return scanner.finish() == JsonScanner.Result.COMPLETE;
  }

  /// The provider's figures; empty where it gave none that can be read, or not all of them yet.
  public Optional<Usage> usage() {
    if (!usageEnded || !counted || !readable) {
      return Optional.empty();
    }
    return Optional.of(new Usage(prompt, cached, 0, 0, audioIn, completion, reasoning, audioOut));
  }

  /// What the model wrote as far as it was read, a text that has not ended yet included.
  public OutputSize output() {
    long bytes = output.bytesWith(scanner.openString(), scanner.openStringSize());
    return new OutputSize(bytes, output.pieces());
  }

  /// The event carries usage and no choice: nobody would send it who had not been asked for usage.
  boolean isUsageAlone() {
    return usageSeen && choicesEmpty;
  }

  /// Some choice says why it ended.
  boolean finished() {
    return finished;
  }

  /// The text carries an error in the place of an answer.
  public boolean error() {
    return error;
  }

  private final class Listener implements JsonListener {

    @Override
    public void scalar(JsonField field, JsonScalar value, long start, long end) {
      if (value.kind() == JsonScalar.Kind.NULL) {
        return;
      }
      if (field == FINISH_REASON) {
        finished |= !value.isEmpty(); // some say "" where others say null
      } else if (field == ERROR) {
        error = true;
      } else if (!output.scalar(field, value) && field != ROOT && field != CHOICES) {
        count(field, value.wholeNumber());
      }
    }

    private void count(JsonField field, long value) {
      if (value < 0 || value > MOST_TOKENS) {
        readable = false;
      } else if (field == PROMPT) {
        prompt = value;
        counted = true;
      } else if (field == CACHED) {
        cached = value;
      } else if (field == AUDIO_IN) {
        audioIn = value;
      } else if (field == COMPLETION) {
        completion = value;
        counted = true;
      } else if (field == REASONING) {
        reasoning = value;
      } else if (field == AUDIO_OUT) {
        audioOut = value;
      }
    }

    @Override
    public void opened(JsonField field, boolean object, long start) {
      if (field == USAGE) {
        usageSeen = object;
      } else if (field == ERROR) {
        error = true;
      } else if (field == CHOICE) {
        output.opened();
      }
    }

    @Override
    public void closed(JsonField field, long end, boolean empty) {
      if (field == CHOICES) {
        choicesEmpty = empty;
      } else if (field == USAGE) {
        usageEnded = usageSeen;
      } else if (field == CHOICE) {
        output.closed();
      }
    }
  }
}
