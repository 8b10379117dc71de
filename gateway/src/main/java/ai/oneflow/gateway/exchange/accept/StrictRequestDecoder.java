package ai.oneflow.gateway.exchange.accept;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;

/// Netty's decoder, but for one rule: a request with both `Transfer-Encoding` and `Content-Length`
/// is refused instead of
/// repaired, since whoever stands before us may have read it the other way (RFC 9112, section 6.3:
/// request smuggling).
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

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }
}
