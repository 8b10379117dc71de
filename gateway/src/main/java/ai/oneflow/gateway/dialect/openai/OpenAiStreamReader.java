package ai.oneflow.gateway.dialect.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.dialect.openai.OpenAiRequest.Span;
import ai.oneflow.gateway.dialect.tokens.OutputSize;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Follows a stream of server-sent events
/// (<https://html.spec.whatwg.org/multipage/server-sent-events.html>) of OpenAI's dialect: where
/// events end, which of them the caller did not ask for, and the usage in them. Looks at every byte
/// once and keeps none. Offsets count bytes from the stream's first. Not thread-safe.
///
/// Lines end with LF or CRLF; a CR alone, which the standard allows too and nobody sends, does not
/// end one.
public final class OpenAiStreamReader {
  private static final byte[] DATA = "data:".getBytes(US_ASCII);
  private static final byte[] DONE = "[DONE]".getBytes(US_ASCII);

  private enum Line {
    /// Its first bytes are those of `data:` so far.
    BEGINNING,
    DATA,
    OTHER
  }

  private final OpenAiUsageReader event = new OpenAiUsageReader();
  private final boolean hideUsage;
  private final byte[] start = new byte[DONE.length + 1];
  private final List<Span> hidden = new ArrayList<>(0);
  private Line line = Line.BEGINNING;
  private int lineBytes;
  private int startLength;
  private boolean dataSeen;
  private long offset;
  private long eventStart;
  private boolean done;
  private boolean finished;
  private boolean error;
  private boolean garbage;
  private long outputBytes;
  private long outputPieces;
  private Optional<Usage> usage = Optional.empty();

  /// @param hideUsage the caller did not ask for the event with usage
  public OpenAiStreamReader(boolean hideUsage) {
    this.hideUsage = hideUsage;
    event.reset();
  }

  /// Reads on; the buffer's indices stay as they are.
  public void read(ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
    hidden.clear();
    while (at < end) {
      int newline = piece.indexOf(at, end, (byte) '\n');
      int stop = newline < 0 ? end : newline;
      part(piece, at, stop);
      offset += stop - at;
      at = stop;
      if (newline >= 0) {
        offset++;
        at++;
        lineEnds();
      }
    }
  }

  private void part(ByteBuf piece, int from, int to) {
    int at = from;
    while (at < to && line == Line.BEGINNING) {
      byte b = piece.getByte(at);
      if (b == '\r' && lineBytes == 0) {
        return;
      }
      line = b != DATA[lineBytes++] ? Line.OTHER : lineBytes == DATA.length ? Line.DATA : line;
      at++;
    }
    if (line == Line.DATA && at < to) {
      remember(piece, at, to);
      dataSeen |= startLength > 0;
      event.read(piece.slice(at, to - at));
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

  private void lineEnds() {
    boolean blank = line == Line.BEGINNING && lineBytes == 0;
    line = Line.BEGINNING;
    lineBytes = 0;
    if (blank) {
      eventEnds();
    }
  }

  private void eventEnds() {
    if (dataSeen) {
      dispatch();
      event.reset();
      startLength = 0;
      dataSeen = false;
    }
    eventStart = offset;
  }

  private void dispatch() {
    if (Arrays.equals(start, 0, startLength, DONE, 0, DONE.length)) {
      done = true;
    } else if (!event.complete()) {
      garbage = true;
    } else {
      event.usage().ifPresent(found -> usage = Optional.of(found));
      OutputSize written = event.output();
      outputBytes += written.bytes();
      outputPieces += written.pieces();
      finished |= event.finished();
      error |= event.error();
      if (hideUsage && event.isUsageAlone()) {
        hidden.add(new Span(eventStart, offset));
      }
    }
  }

  /// Where the event begins that is not complete yet: all before it may go to the caller but what
  /// is hidden.
  public long openEventStart() {
    return eventStart;
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

  /// An event carried an error in the place of content.
  public boolean error() {
    return error;
  }

  /// An event was neither JSON nor `[DONE]`.
  public boolean garbage() {
    return garbage;
  }

  /// What the model wrote in all events that are complete.
  public OutputSize output() {
    return new OutputSize(outputBytes, outputPieces);
  }

  /// The last figures that the provider gave.
  public Optional<Usage> usage() {
    return usage;
  }
}
