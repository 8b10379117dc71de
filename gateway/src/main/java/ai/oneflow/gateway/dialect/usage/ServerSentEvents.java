package ai.oneflow.gateway.dialect.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/// Splits a stream into server-sent events
/// (<https://html.spec.whatwg.org/multipage/server-sent-events.html>): where each ends and what of
/// it is data. Looks at every byte once and keeps none. Offsets count bytes from the stream's
/// first. Not thread-safe.
///
/// Lines end with LF or CRLF; a CR alone, which the standard allows too and nobody sends, does not
/// end one. Lines of data are not joined by a line feed, which to JSON is the same.
public final class ServerSentEvents {
  private static final byte[] DATA = "data:".getBytes(US_ASCII);

  /// Hears of events in order.
  public interface Listener {

    /// More of the data of an event: the bytes of `piece` in `[from, to)`, lent for the call and
    /// never empty.
    void data(ByteBuf piece, int from, int to);

    /// The event in `[start, end)` is complete, its blank line included. It may have no data.
    void ended(long start, long end);
  }

  private enum Line {
    /// Its first bytes are those of `data:` so far.
    BEGINNING,
    DATA,
    OTHER
  }

  private final Listener listener;
  private Line line = Line.BEGINNING;
  private int lineBytes;
  private long offset;
  private long eventStart;

  public ServerSentEvents(Listener listener) {
    this.listener = listener;
  }

  /// Reads on; the buffer's indices stay as they are.
  public void read(ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
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

  /// Where the event begins that is not complete yet.
  public long openEventStart() {
    return eventStart;
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
      listener.data(piece, at, to);
    }
  }

  private void lineEnds() {
    boolean blank = line == Line.BEGINNING && lineBytes == 0;
    line = Line.BEGINNING;
    lineBytes = 0;
    if (blank) {
      listener.ended(eventStart, offset);
      eventStart = offset;
    }
  }
}
