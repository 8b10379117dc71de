package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.UsageReader;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import ai.oneflow.gateway.dialect.tokens.OutputRoom;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import ai.oneflow.gateway.dialect.usage.ServerSentEvents;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Follows a stream of server-sent events of OpenAI's dialect: where events end, which of them the
/// caller did not ask for, and the usage in them. Looks at every byte once and keeps none, but
/// for an [AnswerText] and one event, which [the next ones are known by][RepeatedDelta]. Offsets
/// count bytes from the stream's first. Not thread-safe.
///
/// Providers send usage in an event of its own (OpenAI), beside the last choice (Mistral,
/// OpenRouter; Groq, as `x_groq.usage`), or in every event, counted up to there (xAI): in each case
/// the last event that has figures has those of the whole.
public final class OpenAiStreamReader implements UsageReader {
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

  private final OpenAiUsageReader event;
  private final ServerSentEvents framing = new ServerSentEvents(new Listener());
  private final boolean hideUsage;
  private final OutputRoom room;
  private final @Nullable AnswerText text;
  private final RepeatedDelta repeated;
  private final byte[] start = new byte[DONE.length + 1];
  private final List<Span> hidden = new ArrayList<>(0);
  private int startLength;
  private boolean dataSeen;
  private boolean done;
  private boolean finished;
  private boolean error;
  private boolean garbage;
  private boolean full;
  private long fullAt;
  private long outputBytes;
  private long outputPieces;
  private int events;
  private Optional<Usage> usage = Optional.empty();

  /// @param hideUsage the caller did not ask for the event with usage
  public OpenAiStreamReader(boolean hideUsage) {
    this(hideUsage, null, OutputRoom.ENDLESS);
  }

  /// @param text where the beginning of what the model writes is kept
  /// @param room how long the answer may become
  public OpenAiStreamReader(boolean hideUsage, @Nullable AnswerText text, OutputRoom room) {
    this.hideUsage = hideUsage;
    this.room = room;
    this.text = text;
    event = new OpenAiUsageReader(text);
    event.reset();
    repeated = new RepeatedDelta(event);
  }

  @Override
  public void read(ByteBuf piece) {
    hidden.clear();
    framing.read(piece);
  }

  private final class Listener implements ServerSentEvents.Listener {

    @Override
    public void data(ByteBuf piece, int from, int to) {
      remember(piece, from, to);
      dataSeen |= startLength > 0;
      repeated.read(piece, from, to);
    }

    @Override
    public void ended(long from, long to) {
      if (dataSeen) {
        dispatch(from, to);
        startLength = 0;
        dataSeen = false;
      }
      repeated.ends();
    }
  }

  private void remember(ByteBuf piece, int from, int to) {
    for (int i = from; i < to && startLength < start.length; i++) {
      byte b = piece.getByte(i);
      boolean blank = b == ' ' || b == '\r';
      if (!blank || (startLength > 0 && startLength < DONE.length)) {
        start[startLength++] = b;
      }
    }
  }

  private void dispatch(long from, long to) {
    if (full) {
      return;
    }
    events++;
    if (repeated.matched()) {
      dispatchText(from);
    } else if (Arrays.equals(start, 0, startLength, DONE, 0, DONE.length)) {
      done = true;
    } else if (!event.complete()) {
      garbage = true;
    } else if (room.holds(output().plus(event.output()))) {
      take(from, to);
    } else {
      fills(from);
    }
  }

  private void dispatchText(long from) {
    int size = repeated.size();
    int pieces = size > 0 ? 1 : 0;
    if (room.holds(output().plus(new OutputSize(size, pieces)))) {
      outputBytes += size;
      outputPieces += pieces;
      repeated.take(text);
    } else {
      fills(from);
    }
  }

  private void fills(long from) {
    full = true;
    fullAt = from;
  }

  private void take(long from, long to) {
    if (event.counted()) {
      usage = event.usage();
    }
    OutputSize written = event.output();
    outputBytes += written.bytes();
    outputPieces += written.pieces();
    finished |= event.finished();
    error |= event.error();
    if (hideUsage && event.isUsageAlone()) {
      hidden.add(new Span(from, to));
    }
  }

  /// Where the event begins that is not complete yet: all before it may go to the caller but what
  /// is hidden.
  public long openEventStart() {
    return framing.openEventStart();
  }

  /// The events that ended in the last piece and are to be hidden, in order; lent until the next
  /// piece is read.
  public List<Span> hidden() {
    return hidden;
  }

  /// The stream came to its end: `[DONE]`, or a choice with a reason for a provider that sends
  /// none.
  public boolean ended() {
    return done || finished;
  }

  /// How many events are complete, comments left aside.
  public int events() {
    return events;
  }

  /// An event carried an error in the place of content.
  public boolean error() {
    return error;
  }

  /// There is no room for an event, nor for what follows it: none of that is looked at.
  public boolean full() {
    return full;
  }

  /// Where the event begins that there is no room for.
  public long fullAt() {
    return fullAt;
  }

  /// An event was neither JSON nor `[DONE]`.
  public boolean garbage() {
    return garbage;
  }

  /// What the model wrote in all events that are complete, and have room.
  public OutputSize output() {
    return new OutputSize(outputBytes, outputPieces);
  }

  @Override
  public Optional<Usage> usage() {
    return usage;
  }
}
