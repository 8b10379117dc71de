package ai.oneflow.gateway.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayList;
import java.util.List;

/// Holds flushes back until the event loop has read from every socket that is ready, then writes to
/// all of them in a row.
///
/// A write wakes whoever waits at the other end. Between two reads it wakes them for one message,
/// and they sleep again; in a row, they find more messages when they look up, and several messages
/// for one socket take one system call. First in its pipeline, so that a TLS handler's own flushes
/// pass through it as well. One for each channel; confined to its event loop.
public final class GatheredFlush extends ChannelOutboundHandlerAdapter {
  private static final FastThreadLocal<Flushes> FLUSHES =
      new FastThreadLocal<>() {
        @Override
        protected Flushes initialValue() {
          return new Flushes();
        }
      };

  private boolean waiting;

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!waiting) {
      waiting = true;
      FLUSHES.get().add(ctx);
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

  /// Of one event loop. Its tasks follow the reads of the same iteration.
  private static final class Flushes implements Runnable {
    private final List<ChannelHandlerContext> contexts = new ArrayList<>();

    void add(ChannelHandlerContext ctx) {
      contexts.add(ctx);
      if (contexts.size() == 1) {
        ctx.channel().eventLoop().execute(this);
      }
    }

    /// A flush may make a channel writable and so lead to another flush, which joins the end.
    @Override
    public void run() {
      for (int i = 0; i < contexts.size(); i++) {
        ChannelHandlerContext ctx = contexts.get(i);
        ((GatheredFlush) ctx.handler()).waiting = false;
        ctx.flush();
      }
      contexts.clear();
    }
  }
}
