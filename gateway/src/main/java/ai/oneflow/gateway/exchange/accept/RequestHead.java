package ai.oneflow.gateway.exchange.accept;

import ai.oneflow.gateway.error.ErrorCode;
import ai.oneflow.gateway.error.GatewayError;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/// What a request's head says of its body and of the connection (RFC 9112).
final class RequestHead {
  private static final int SKIPPED_BYTES = 64 << 10;

  private RequestHead() {}

  /// Whether the rest of the body is worth reading after an early answer, so that the connection
  /// can go on.
  static boolean isSmall(HttpRequest head) {
    long length =
        HttpUtil.getContentLength(head, HttpUtil.isTransferEncodingChunked(head) ? -1L : 0L);
    return length >= 0 && length <= SKIPPED_BYTES && !HttpUtil.is100ContinueExpected(head);
  }

  /// Where there is no head, or none that can be read in one way alone.
  static GatewayError malformed(Throwable cause) {
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    return tooLong
        ? GatewayError.of(
            ErrorCode.HEADERS_TOO_LARGE, "The request line or the headers are too long.")
        : GatewayError.of(
            ErrorCode.MALFORMED_REQUEST, "The request is not HTTP/1.1 as RFC 9112 asks.");
  }

  static Downstream.Framing framing(HttpRequest head) {
    return new Downstream.Framing(
        HttpUtil.isKeepAlive(head),
        head.protocolVersion().isKeepAliveDefault(),
        head.method().equals(HttpMethod.HEAD));
  }
}
