package ai.oneflow.gateway.dialect.openai;

import static ai.oneflow.gateway.dialect.json.JsonField.array;
import static ai.oneflow.gateway.dialect.json.JsonField.field;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.json.JsonField;
import ai.oneflow.gateway.dialect.json.JsonListener;
import ai.oneflow.gateway.dialect.json.JsonScalar;
import ai.oneflow.gateway.dialect.json.JsonScanner;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a provider's own figures out of one answer of chat completions, completions or embeddings,
/// or out of one event of a stream
/// (<https://platform.openai.com/docs/api-reference/chat/object>). What providers of this dialect
/// do in another way than OpenAI is in [CompletionCounts]. Reusable by [#reset]; not thread-safe.
public final class OpenAiUsageReader implements UsageReader {
  private static final JsonField USAGE = field("usage", CompletionCounts.FIELDS);

  /// Groq's streams have the usage there, in the event with the last choice.
  private static final JsonField X_GROQ = field("x_groq", USAGE);

  private static final JsonField FINISH_REASON = field("finish_reason");
  private static final JsonField CHOICE =
      JsonField.of(
          Stream.concat(Stream.of(FINISH_REASON), Stream.of(OpenAiOutputCounter.FIELDS))
              .toArray(JsonField[]::new));
  private static final JsonField CHOICES = array("choices", CHOICE);
  private static final JsonField ERROR = field("error");
  private static final JsonField ROOT = JsonField.of(USAGE, X_GROQ, CHOICES, ERROR);

  private final Listener listener = new Listener();
  private final OpenAiOutputCounter output;
  private final JsonScanner scanner = new JsonScanner(ROOT, listener);
  private final CompletionCounts counts = new CompletionCounts();
  private boolean usageSeen;
  private boolean counted;
  private boolean choicesSeen;
  private boolean choicesEmpty;
  private boolean finished;
  private boolean reasonSaid;
  private int choices;
  private boolean error;
  private Optional<Usage> usage = Optional.empty();
  private Optional<Usage> ofTotalAlone = Optional.empty();

  public OpenAiUsageReader() {
    this(null);
  }

  /// @param text where what the model writes is put as well
  OpenAiUsageReader(@Nullable AnswerText text) {
    output = new OpenAiOutputCounter(text);
  }

  /// Begins another text.
  public void reset() {
    scanner.reset(listener);
    output.reset();
    usageSeen = false;
    counted = false;
    choicesSeen = false;
    choicesEmpty = false;
    finished = false;
    reasonSaid = false;
    choices = 0;
    error = false;
    usage = Optional.empty();
    ofTotalAlone = Optional.empty();
  }

  @Override
  public void read(ByteBuf piece) {
    scanner.scan(piece);
  }

  /// Reads bytes of `[0, length)`.
  void read(byte[] bytes, int length) {
    scanner.scan(bytes, 0, length);
  }

  /// Where the opening quote is of the one string that an event is about: what a model wrote, one
  /// choice of it and without escapes, beside which the event says nothing that is looked at here.
  /// Otherwise -1.
  long soleText() {
    boolean more = usageSeen || reasonSaid || error || choices != 1;
    return more ? -1 : output.onlyPlainString();
  }

  /// Whether that string is one that a tokenizer is to count.
  boolean keepsSoleText() {
    return output.keepsString();
  }

  /// Whether the text is complete and JSON.
  public boolean complete() {
    return scanner.finish() == JsonScanner.Result.COMPLETE;
  }

  @Override
  public Optional<Usage> usage() {
    return counted || choicesSeen ? usage : ofTotalAlone;
  }

  /// What the model wrote as far as it was read, a text that has not ended yet included.
  public OutputSize output() {
    long bytes = output.bytesWith(scanner.openString(), scanner.openStringSize());
    return new OutputSize(bytes, output.pieces());
  }

  /// The text holds figures, though they may be unreadable.
  boolean counted() {
    return counted;
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
        reasonSaid = true;
        finished |= !value.isEmpty(); // some say "" where others say null
      } else if (field == ERROR) {
        error = true;
      } else if (!output.scalar(field, value, start, end)) {
        counts.take(field, value);
      }
    }

    @Override
    public void opened(JsonField field, boolean object, long start) {
      if (field == USAGE) {
        usageSeen |= object;
        counts.clear();
      } else if (field == CHOICES) {
        choicesSeen = true;
      } else if (field == ERROR) {
        error = true;
      } else if (field == CHOICE) {
        choices++;
        output.opened();
      }
    }

    @Override
    public void closed(JsonField field, long end, boolean empty) {
      if (field == CHOICES) {
        choicesEmpty = empty;
      } else if (field == USAGE) {
        usageEnds();
      } else if (field == CHOICE) {
        output.closed();
      }
    }

    private void usageEnds() {
      if (counts.any()) {
        counted = true;
        usage = counts.usage();
      } else {
        ofTotalAlone = counts.ofTotalAlone();
      }
    }
  }
}
