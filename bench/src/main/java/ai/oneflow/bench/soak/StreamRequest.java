package ai.oneflow.bench.soak;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// The request that every stream begins with. `toString` is without the key.
record StreamRequest(URI url, String key, String body) {
  FullHttpRequest message() {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, url.getRawPath(), Unpooled.wrappedBuffer(bytes));
    request
        .headers()
        .set(HttpHeaderNames.HOST, url.getHost() + ":" + url.getPort())
        .set(HttpHeaderNames.AUTHORIZATION, "Bearer " + key)
        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
        .set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
    return request;
  }

  @Override
  public String toString() {
    return "StreamRequest[" + url + "]";
  }
}
