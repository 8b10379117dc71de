package ai.oneflow.simulator;

import ai.oneflow.simulator.recording.Body;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes HTTP/1.1 answers by hand (RFC 9112), since a codec would refuse to write them wrongly.
final class Wire {
  static final Body LAST_CHUNK = Body.ofText("0\r\n\r\n");
  static final Body BAD_CHUNK = Body.ofText("zz\r\nthis is no chunk\r\n");
  private static final int CHUNKED = -1;

  private Wire() {}

  static Body chunkedHead(int status, Map<String, String> headers) {
    return head(status, headers, CHUNKED);
  }

  static Body head(int status, Map<String, String> headers, int contentLength) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ');
    head.append(HttpResponseStatus.valueOf(status).reasonPhrase()).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (contentLength == CHUNKED) {
      head.append("transfer-encoding: chunked\r\n\r\n");
    } else if (hasBody(status)) {
      head.append("content-length: ").append(contentLength).append("\r\n\r\n");
    } else {
      head.append("\r\n");
    }
    return Body.ofText(head.toString());
  }

  static Body chunk(Body bytes) {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(bytes.size() + 12);
    chunk.writeBytes(
        (Integer.toHexString(bytes.size()) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    chunk.writeBytes(bytes.bytes());
    chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    return Body.of(chunk.toByteArray());
  }

  /// A Content-Length in a 204 is an error (RFC 9110, 8.6).
  private static boolean hasBody(int status) {
    return status != 204 && status != 304;
  }
}
