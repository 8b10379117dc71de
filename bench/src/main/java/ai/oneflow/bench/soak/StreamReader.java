package ai.oneflow.bench.soak;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Reads one stream to its end and tells once whether it was whole: status 200, `[DONE]`, and the
/// last chunk.
final class StreamReader extends SimpleChannelInboundHandler<HttpObject> {
  private static final String DONE = "data: [DONE]\n\n";

  private final StreamRequest request;
  private final Consumer<Boolean> ended;
  private String tail = "";
  private int status;
  private boolean told;

  StreamReader(StreamRequest request, Consumer<Boolean> ended) {
    this.request = request;
    this.ended = ended;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    var _ = ctx.writeAndFlush(request.message());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message instanceof HttpResponse response) {
      status = response.status().code();
    }
    if (message instanceof HttpContent content) {
      keepTail(content.content());
    }
    if (message instanceof LastHttpContent last) {
      tell(status == 200 && tail.endsWith(DONE) && last.decoderResult().isSuccess());
      var _ = ctx.close();
    }
  }

  private void keepTail(ByteBuf bytes) {
    int kept = Math.min(bytes.readableBytes(), DONE.length());
    String end = bytes.toString(bytes.writerIndex() - kept, kept, StandardCharsets.ISO_8859_1);
    String joined = tail + end;
    tail = joined.substring(Math.max(0, joined.length() - DONE.length()));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    tell(false);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }

  private void tell(boolean whole) {
    if (!told) {
      told = true;
      ended.accept(whole);
    }
  }
}
