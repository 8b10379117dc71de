package ai.oneflow.gateway.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/// Holds flushes back until the event loop has read from every socket that is ready, then writes to
/// all of them in a row: an event loop's tasks follow the reads of the same iteration.
///
/// A write wakes whoever waits at the other end. Between two reads it wakes them for one message,
/// and they sleep again; in a row, they find more messages when they look up, and several messages
/// for one socket take one system call. First in its pipeline, so that a TLS handler's own flushes
/// pass through it as well. One for each channel; confined to its event loop.
public final class GatheredFlush extends ChannelOutboundHandlerAdapter implements Runnable {
  private @Nullable ChannelHandlerContext context;
  private boolean waiting;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!waiting) {
      waiting = true;
      ctx.channel().eventLoop().execute(this);
    }
  }

  /// What was flushed before a close still goes out.
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (waiting) {
      ctx.flush();
    }
    ctx.close(promise);
  }

  @Override
  public void run() {
    waiting = false;
    if (context != null) {
      context.flush();
    }
  }
}
