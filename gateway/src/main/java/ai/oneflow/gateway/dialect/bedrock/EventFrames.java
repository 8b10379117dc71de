package ai.oneflow.gateway.dialect.bedrock;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/// Splits a stream of `application/vnd.amazon.eventstream` into its frames
/// (<https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html>,
/// <https://smithy.io/2.0/aws/amazon-eventstream.html>): a prelude of both lengths with a checksum
/// of its own, headers, payload, and a checksum of all. No length is trusted before its checksum
/// was right, and no payload is handed on before the frame's was. Holds one frame at a time. Not
/// thread-safe.
///
/// Where a checksum or a length is wrong nothing behind it can be found, and the stream is broken.
final class EventFrames {
  /// Far more than a part of an answer needs, though the format allows 16 MiB.
  static final int MOST_FRAME_BYTES = 1 << 20;

  private static final int PRELUDE_BYTES = 12;
  private static final int CHECKSUM_BYTES = 4;
  private static final int LENGTHS_BYTES = PRELUDE_BYTES - CHECKSUM_BYTES;

  /// Hears of frames in order.
  interface Listener {

    /// An event; the payload in `[from, to)` is lent for the call.
    void event(String type, byte[] bytes, int from, int to);
  }

  private final Listener listener;
  private final CRC32 checksum = new CRC32();
  private byte[] frame = new byte[512];
  private int length;
  private int expected = PRELUDE_BYTES;
  private boolean broken;

  EventFrames(Listener listener) {
    this.listener = listener;
  }

  /// Reads on; the buffer's indices stay as they are.
  void read(ByteBuf piece) {
    int at = piece.readerIndex();
    int end = piece.writerIndex();
    while (at < end && !broken) {
      int part = Math.min(expected - length, end - at);
      hold(piece, at, part);
      at += part;
      if (length == expected) {
        expected();
      }
    }
  }

  /// Whether the stream holds what is no frame.
  boolean broken() {
    return broken;
  }

  private void hold(ByteBuf piece, int at, int part) {
    if (length + part > frame.length) {
      frame = Arrays.copyOf(frame, Math.min(expected, Math.max(length + part, frame.length * 2)));
    }
    piece.getBytes(at, frame, length, part);
    length += part;
  }

  private void expected() {
    if (expected == PRELUDE_BYTES) {
      preludeEnds();
    } else {
      frameEnds();
    }
  }

  private void preludeEnds() {
    int frameBytes = intAt(0);
    int headerBytes = intAt(4);
    int rest = frameBytes - PRELUDE_BYTES - CHECKSUM_BYTES;
    if (!checksumAt(LENGTHS_BYTES) || frameBytes > MOST_FRAME_BYTES) {
      broken = true;
    } else if (rest < 0 || headerBytes < 0 || headerBytes > rest) {
      broken = true;
    } else {
      expected = frameBytes;
    }
  }

  private void frameEnds() {
    int end = length - CHECKSUM_BYTES;
    if (!checksumAt(end)) {
      broken = true;
      return;
    }
    int payload = PRELUDE_BYTES + intAt(4);
    EventHeaders headers = EventHeaders.read(ByteBuffer.wrap(frame, PRELUDE_BYTES, intAt(4)));
    broken = !headers.readable();
    if (headers.isEvent()) {
      listener.event(headers.eventType(), frame, payload, end);
    }
    length = 0;
    expected = PRELUDE_BYTES;
  }

  /// Whether the checksum at this offset is that of all bytes before it.
  private boolean checksumAt(int offset) {
    checksum.reset();
    checksum.update(frame, 0, offset);
    return (int) checksum.getValue() == intAt(offset);
  }

  private int intAt(int offset) {
    return ByteBuffer.wrap(frame).getInt(offset);
  }
}
