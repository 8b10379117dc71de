package ai.oneflow.gateway.exchange.accept;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;

/// Netty's decoder, but that it refuses what can be read in two ways instead of choosing one:
/// whoever stands before us may have chosen the other (request smuggling).
final class StrictRequestDecoder extends HttpRequestDecoder {
  private static final int MAX_LINE_BYTES = 8 << 10;
  private static final int MAX_HEADERS_BYTES = 32 << 10;
  private static final int MAX_CHUNK_BYTES = 64 << 10;

  StrictRequestDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADERS_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES)
            .setValidateHeaders(true));
  }

  /// Called when the head is complete and before its body is looked for: the one place where a
  /// request can be refused by its head.
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    HttpHeaders headers = message.headers();
    boolean current = message.protocolVersion().equals(HttpVersion.HTTP_1_1);
    if (!current && !message.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      throw new IllegalArgumentException("neither HTTP/1.1 nor HTTP/1.0");
    }
    int hosts = count(headers, HttpHeaderNames.HOST);
    if (hosts > 1 || (hosts == 0 && current)) { // RFC 9112, section 3.2
      throw new IllegalArgumentException(hosts + " Host headers");
    }
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && !(current && isChunked(headers))) {
      throw new IllegalArgumentException("a Transfer-Encoding other than chunked alone");
    }
    return super.isContentAlwaysEmpty(message);
  }

  /// `chunked` once, with no other coding, and no `Content-Length` beside it (RFC 9112, sections
  /// 6.1 and 6.3).
  private static boolean isChunked(HttpHeaders headers) {
    return count(headers, HttpHeaderNames.TRANSFER_ENCODING) == 1
        && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(
            headers.get(HttpHeaderNames.TRANSFER_ENCODING))
        && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
  }

  private static int count(HttpHeaders headers, CharSequence name) {
    int count = 0;
    Iterator<? extends CharSequence> values = headers.valueCharSequenceIterator(name);
    while (values.hasNext()) {
      values.next();
      count++;
    }
    return count;
  }
}
