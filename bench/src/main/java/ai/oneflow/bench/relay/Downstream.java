package ai.oneflow.bench.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// The caller's side: hands each message of a request to an upstream connection.
final class Downstream extends ChannelInboundHandlerAdapter {
  private final UpstreamPool pool;
  private final Queue<Object> early = new ArrayDeque<>();
  private Optional<Channel> upstream = Optional.empty();

  Downstream(UpstreamPool pool) {
    this.pool = pool;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      upstream = Optional.empty();
      early.add(message);
      pool.lease(ctx.channel(), channel -> leased(channel), () -> failed(ctx));
    } else if (upstream.isPresent()) {
      var _ = upstream.get().write(message);
    } else {
      early.add(message);
    }
  }

  private void leased(Channel channel) {
    upstream = Optional.of(channel);
    for (Object message = early.poll(); message != null; message = early.poll()) {
      var _ = channel.write(message);
    }
    channel.flush();
  }

  private void failed(ChannelHandlerContext ctx) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    var _ = ctx.close();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    upstream.ifPresent(Channel::flush);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
