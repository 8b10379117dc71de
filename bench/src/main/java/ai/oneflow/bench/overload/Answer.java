package ai.oneflow.bench.overload;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds status and end of one answer in its bytes. Netty's decoder makes objects of each chunk,
/// and would cost the callers' processor as much as the gateway's costs the gateway. The head must
/// come in one piece, as a gateway's does.
final class Answer {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");
  private static final Pattern RETRY_AFTER = Pattern.compile("(?i)\r\nretry-after:");
  private static final Pattern CLOSE = Pattern.compile("(?i)\r\nconnection: *close");
  private static final String HEAD_END = "\r\n\r\n";
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int MOST_HEAD_BYTES = 2048;

  /// The last five bytes of a body in chunks.
  private static final long LAST_CHUNK = 0x30_0D_0A_0D_0AL;

  private static final long FIVE_BYTES = 0xFF_FFFF_FFFFL;

  private int status;
  private boolean retryAfter;
  private boolean goesOn = true;
  private long left = -1;
  private long tail;

  /// Whether the answer is complete with this piece.
  boolean add(ByteBuf piece) {
    int from = piece.readerIndex();
    if (status == 0) {
      from += head(piece);
    }
    if (left >= 0) {
      left -= piece.writerIndex() - from;
      return left <= 0;
    }
    for (int i = Math.max(from, piece.writerIndex() - 5); i < piece.writerIndex(); i++) {
      tail = ((tail << 8) & FIVE_BYTES) | piece.getUnsignedByte(i);
    }
    return tail == LAST_CHUNK;
  }

  /// Its length.
  private int head(ByteBuf piece) {
    String text =
        piece.toString(
            piece.readerIndex(), Math.min(MOST_HEAD_BYTES, piece.readableBytes()), US_ASCII);
    int end = text.indexOf(HEAD_END) + HEAD_END.length();
    String head = text.substring(0, end);
    status = Integer.parseInt(head.substring(STATUS_AT, STATUS_AT + 3));
    retryAfter = RETRY_AFTER.matcher(head).find();
    goesOn = !CLOSE.matcher(head).find();
    Matcher length = LENGTH.matcher(head);
    if (length.find()) {
      left = Long.parseLong(length.group(1));
    }
    return end;
  }

  int status() {
    return status;
  }

  boolean retryAfter() {
    return retryAfter;
  }

  /// Whether the connection does.
  boolean goesOn() {
    return goesOn;
  }
}
