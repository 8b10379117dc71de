package ai.oneflow.gateway.exchange.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/// Answers as bytes (RFC 9112). Netty's encoder would make a message and a buffer of its own for
/// each part of one; here a head and a short body share a buffer and leave in one write. That
/// names and values are fit for a header was checked when they were put among the headers.
final class AnswerBytes {
  private static final byte[] VERSION = "HTTP/1.1 ".getBytes(US_ASCII);
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] SEPARATOR = ": ".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);

  /// What a head takes as a rule; the buffer grows where it takes more.
  static final int USUAL_HEAD_BYTES = 512;

  /// The length in hexadecimal digits and two line ends.
  static final int CHUNK_FRAME_BYTES = 12;

  private AnswerBytes() {}

  static void head(ByteBuf out, int status, HttpHeaders headers) {
    HttpResponseStatus line = HttpResponseStatus.valueOf(status);
    out.writeBytes(VERSION);
    text(out, line.codeAsText());
    out.writeByte(' ');
    ByteBufUtil.writeAscii(out, line.reasonPhrase());
    out.writeBytes(LINE_END);
    Iterator<Map.Entry<CharSequence, CharSequence>> fields = headers.iteratorCharSequence();
    while (fields.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = fields.next();
      text(out, field.getKey());
      out.writeBytes(SEPARATOR);
      text(out, field.getValue());
      out.writeBytes(LINE_END);
    }
    out.writeBytes(LINE_END);
  }

  static void chunkHead(ByteBuf out, int length) {
    ByteBufUtil.writeAscii(out, Integer.toHexString(length));
    out.writeBytes(LINE_END);
  }

  static void chunkEnd(ByteBuf out) {
    out.writeBytes(LINE_END);
  }

  static void lastChunk(ByteBuf out) {
    out.writeBytes(LAST_CHUNK);
  }

  static void goOn(ByteBuf out) {
    out.writeBytes(CONTINUE);
  }

  private static void text(ByteBuf out, CharSequence text) {
    if (text instanceof AsciiString ascii) {
      out.writeBytes(ascii.array(), ascii.arrayOffset(), ascii.length());
    } else {
      ByteBufUtil.writeAscii(out, text);
    }
  }
}
