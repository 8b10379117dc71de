package ai.oneflow.gateway.ops;

import ai.oneflow.gateway.ops.ManagementPages.Page;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes pages; a fault of one is an answer and not the end of the port.
@Sharable
final class ManagementHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementHandler.class);

  private final ManagementPages pages;

  ManagementHandler(ManagementPages pages) {
    this.pages = pages;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    var written = context.writeAndFlush(response(page(request)));
    if (request.decoderResult().isFailure()) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private Page page(FullHttpRequest request) {
    try {
      return pages.answer(request);
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("management page failed");
      return ManagementPages.problem(
          HttpResponseStatus.INTERNAL_SERVER_ERROR, "The page failed; the log says why.");
    }
  }

  private static FullHttpResponse response(Page page) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, page.status(), Unpooled.wrappedBuffer(page.body()));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
        .set(HttpHeaderNames.CONTENT_LENGTH, page.body().length)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .set("x-content-type-options", "nosniff");
    if (page.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    return response;
  }

  /// Resets and time-outs are everyday; whatever it was, this connection is over.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
