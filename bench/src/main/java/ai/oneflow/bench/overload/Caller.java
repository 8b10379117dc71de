package ai.oneflow.bench.overload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/// A connection that asks one request after the other, each when it is told to.
final class Caller extends ChannelInboundHandlerAdapter {
  private final Crowd crowd;
  private final ByteBuf request;
  private @Nullable Channel channel;
  private @Nullable Arrival asked;
  private Answer answer = new Answer();
  private boolean abandoned;
  private boolean gone;

  /// @param request unreleasable
  /// @param first asked as soon as the connection stands
  Caller(Crowd crowd, ByteBuf request, Arrival first) {
    this.crowd = crowd;
    this.request = request;
    this.asked = first;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (abandoned) {
      var _ = ctx.close();
      return;
    }
    channel = ctx.channel();
    send(ctx.channel());
  }

  /// Asks; the one before must have been answered.
  void ask(Arrival arrival) {
    asked = arrival;
    if (channel != null) {
      send(channel);
    }
  }

  private void send(Channel to) {
    answer = new Answer();
    var _ = to.writeAndFlush(request.duplicate(), to.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf piece = (ByteBuf) message;
    boolean last = answer.add(piece);
    piece.release();
    Arrival done = asked;
    if (last && done != null) {
      asked = null;
      done.answered(answer.status(), answer.retryAfter());
      if (answer.goesOn()) {
        crowd.free(this);
      } else {
        var _ = ctx.close();
      }
    }
  }

  /// Waits no longer for the answer to this, if it still does.
  void giveUp(Arrival arrival) {
    if (asked != arrival) {
      return;
    }
    if (channel != null) {
      var _ = channel.close();
    } else {
      asked = null;
      abandoned = true;
      arrival.failed();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  /// The connection does not stand, or no more.
  void gone() {
    Arrival lost = asked;
    asked = null;
    if (lost != null) {
      lost.failed();
    }
    gone = true;
    crowd.gone();
  }

  boolean isGone() {
    return gone;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
