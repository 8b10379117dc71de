package ai.oneflow.bench.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;

/// The provider's side: hands each message of an answer to the caller that leases the connection.
final class Upstream extends ChannelInboundHandlerAdapter {
  private final UpstreamPool pool;
  private Optional<Channel> downstream = Optional.empty();

  Upstream(UpstreamPool pool) {
    this.pool = pool;
  }

  void leaseTo(Channel caller) {
    downstream = Optional.of(caller);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (downstream.isEmpty()) {
      ReferenceCountUtil.release(message);
      return;
    }
    Channel caller = downstream.get();
    if (message instanceof LastHttpContent) {
      downstream = Optional.empty();
      // Flushed here: the caller's next request may come in before this read is complete.
      var _ = caller.writeAndFlush(message);
      pool.giveBack(ctx.channel());
    } else {
      var _ = caller.write(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    downstream.ifPresent(Channel::flush);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.forget(ctx.channel());
    downstream.ifPresent(Channel::close);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
