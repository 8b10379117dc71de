package ai.oneflow.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Answers any request with prepared bytes, for benchmarks: what is measured must be the gateway.
///
/// It looks for three things only: the end of the headers, the body's length, and in the body
/// `"stream":true` and `"include_usage":true`. No key is checked and nothing is noted. A chunked
/// request is refused with 411, since finding its end would cost more than answering it.
final class FastConnection extends ByteToMessageDecoder {
  private static final byte[] CONTENT_LENGTH = ascii("content-length:");
  private static final byte[] CHUNKED = ascii("transfer-encoding:");
  private static final byte[] STREAM = ascii("\"stream\":true");
  private static final byte[] SPACED_STREAM = ascii("\"stream\": true");
  private static final byte[] USAGE = ascii("\"include_usage\":true");
  private static final byte[] SPACED_USAGE = ascii("\"include_usage\": true");
  private static final byte[] LENGTH_REQUIRED =
      ascii("HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  private static final byte[] HEADER_END = ascii("\r\n\r\n");

  private final FastAnswers answers;
  private byte[] bytes = new byte[4096];

  FastConnection(FastAnswers answers) {
    this.answers = answers;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int size = in.readableBytes();
    if (bytes.length < size) {
      bytes = new byte[size * 2];
    }
    in.getBytes(in.readerIndex(), bytes, 0, size);
    int bodyAt = find(HEADER_END, 0, size) + HEADER_END.length;
    if (bodyAt < HEADER_END.length) {
      return;
    }
    if (findHeader(CHUNKED, bodyAt) >= 0) {
      in.skipBytes(size);
      var _ = ctx.writeAndFlush(ctx.alloc().buffer().writeBytes(LENGTH_REQUIRED));
      var _ = ctx.close();
      return;
    }
    int end = bodyAt + contentLength(bodyAt);
    if (end > size) {
      return;
    }
    in.skipBytes(end);
    answer(ctx, bodyAt, end);
  }

  private void answer(ChannelHandlerContext ctx, int from, int to) {
    boolean stream = find(STREAM, from, to) >= 0 || find(SPACED_STREAM, from, to) >= 0;
    if (!stream) {
      var _ = ctx.write(answers.json().duplicate(), ctx.voidPromise());
      return;
    }
    boolean usage = find(USAGE, from, to) >= 0 || find(SPACED_USAGE, from, to) >= 0;
    // Each chunk is a write of its own, as a provider's are: a relay must not get them for the
    // price
    // of one.
    for (ByteBuf chunk : usage ? answers.streamWithUsage() : answers.stream()) {
      var _ = ctx.writeAndFlush(chunk.duplicate(), ctx.voidPromise());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    ctx.flush();
    super.channelReadComplete(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }

  private int contentLength(int headersEnd) {
    int at = findHeader(CONTENT_LENGTH, headersEnd);
    if (at < 0) {
      return 0;
    }
    int length = 0;
    for (int i = at + CONTENT_LENGTH.length; bytes[i] != '\r'; i++) {
      length = bytes[i] == ' ' ? length : length * 10 + bytes[i] - '0';
    }
    return length;
  }

  /// Where a header's line begins; its name is given in lower case, with the colon.
  private int findHeader(byte[] name, int headersEnd) {
    for (int i = 0; i + name.length < headersEnd; i++) {
      if (bytes[i] == '\n' && isName(name, i + 1)) {
        return i + 1;
      }
    }
    return -1;
  }

  private boolean isName(byte[] name, int at) {
    for (int i = 0; i < name.length; i++) {
      if ((bytes[at + i] | 0x20) != (name[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  private int find(byte[] wanted, int from, int to) {
    byte first = wanted[0];
    for (int i = from; i <= to - wanted.length; i++) {
      if (bytes[i] == first && matches(wanted, i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean matches(byte[] wanted, int at) {
    for (int i = 1; i < wanted.length; i++) {
      if (bytes[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }
}
