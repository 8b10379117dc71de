package ai.oneflow.gateway.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.oneflow.gateway.ops.LedgerPages.Question;
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
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes pages; a fault of one is an answer and not the end of the port. Pages that ask SQL are
/// made on a virtual thread, during which nothing more is read from their connection.
@Sharable
final class ManagementHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ManagementHandler.class);

  private final ManagementPages pages;
  private final LedgerPages ledger;

  ManagementHandler(ManagementPages pages, LedgerPages ledger) {
    this.pages = pages;
    this.ledger = ledger;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    boolean isSound = !request.decoderResult().isFailure();
    if (isSound && LedgerPages.isOne(ManagementPages.path(request.uri()))) {
      Question question =
          new Question(
              request.method(),
              request.uri(),
              request.headers().get(HttpHeaderNames.CONTENT_TYPE, ""),
              request.content().toString(UTF_8),
              isFromThisMachine(context));
      context.channel().config().setAutoRead(false);
      Thread.startVirtualThread(() -> answerLater(context, question));
      return;
    }
    var written = context.writeAndFlush(response(made(() -> pages.answer(request))));
    if (!isSound) {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void answerLater(ChannelHandlerContext context, Question question) {
    Page page = made(() -> ledger.answer(question));
    try {
      context.executor().execute(() -> answer(context, page));
    } catch (RejectedExecutionException e) {
      LOG.debug("the port was closed before its page was made", e);
    }
  }

  private static void answer(ChannelHandlerContext context, Page page) {
    context
        .writeAndFlush(response(page))
        .addListener(_ -> context.channel().config().setAutoRead(true));
  }

  private static boolean isFromThisMachine(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress caller
        && caller.getAddress().isLoopbackAddress();
  }

  private static Page made(Supplier<Page> page) {
    try {
      return page.get();
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
    if (!page.allow().isEmpty()) {
      response.headers().set(HttpHeaderNames.ALLOW, page.allow());
    }
    return response;
  }

  /// Resets and time-outs are everyday; whatever it was, this connection is over.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
