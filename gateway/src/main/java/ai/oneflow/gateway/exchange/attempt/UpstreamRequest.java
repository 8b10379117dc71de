package ai.oneflow.gateway.exchange.attempt;

import ai.oneflow.gateway.config.CompiledTarget;
import ai.oneflow.gateway.dialect.openai.OpenAiRequestHead;
import ai.oneflow.gateway.dialect.openai.OpenAiSplice;
import ai.oneflow.gateway.exchange.parse.ParsedRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// Writes a request as its provider gets it: head and body in one buffer, so that it leaves in one
/// write.
public final class UpstreamRequest {
  private UpstreamRequest() {}

  /// @param credential its place in the provider's pool
  /// @return a buffer that belongs to the caller
  public static ByteBuf write(
      ParsedRequest request, CompiledTarget target, int credential, ByteBufAllocator allocator) {
    OpenAiSplice splice = OpenAiSplice.of(request.fields(), target.upstreamModel());
    OpenAiRequestHead head = target.provider().head(request.surface(), credential);
    int bodyLength = splice.lengthOf(request.body().readableBytes());
    ByteBuf out = allocator.ioBuffer(head.maxLength() + bodyLength);
    head.write(out, bodyLength);
    splice.write(request.body(), out);
    return out;
  }
}
