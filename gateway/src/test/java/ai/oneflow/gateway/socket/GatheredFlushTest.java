package ai.oneflow.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GatheredFlushTest {
  @Test
  void flushesOnceForAllReadsOfAnIteration() {
    AtomicInteger flushes = new AtomicInteger();
    EmbeddedChannel channel =
        new EmbeddedChannel(counting(flushes), new GatheredFlush(), new Echo());

    channel.writeInbound(text("one"), text("two"));

    assertThat(sent(channel)).isEqualTo("onetwo");
    assertThat(flushes).hasValue(1);
  }

  @Test
  void flushesAgainInLaterIterations() {
    EmbeddedChannel channel = new EmbeddedChannel(new GatheredFlush());
    channel.writeAndFlush(text("one"));
    channel.runPendingTasks();

    channel.writeAndFlush(text("two"));
    channel.runPendingTasks();

    assertThat(sent(channel)).isEqualTo("onetwo");
  }

  @Test
  void writesWhatWasFlushedBeforeAClose() {
    EmbeddedChannel channel = new EmbeddedChannel(new GatheredFlush());

    channel.writeAndFlush(text("last words"));
    channel.close();
    channel.runPendingTasks();

    assertThat(sent(channel)).isEqualTo("last words");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesFlushesThatAFlushLeadsTo() {
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new GatheredFlush(),
            new ChannelInboundHandlerAdapter() {
              private boolean answered;

              @Override
              public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                if (ctx.channel().isWritable() && !answered) {
                  answered = true;
                  ctx.writeAndFlush(text("more"));
                }
              }
            });
    int beyondTheHighWaterMark = channel.config().getWriteBufferHighWaterMark() + 1;

    channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[beyondTheHighWaterMark]));
    channel.runPendingTasks();

    assertThat(sent(channel)).hasSize(beyondTheHighWaterMark + 4).endsWith("more");
  }

  private static ChannelOutboundHandlerAdapter counting(AtomicInteger flushes) {
    return new ChannelOutboundHandlerAdapter() {
      @Override
      public void flush(ChannelHandlerContext ctx) {
        flushes.incrementAndGet();
        ctx.flush();
      }
    };
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ctx.writeAndFlush(message);
    }
  }

  private static ByteBuf text(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  private static String sent(EmbeddedChannel channel) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf piece = channel.readOutbound(); piece != null; piece = channel.readOutbound()) {
      all.append(piece.toString(StandardCharsets.US_ASCII));
      piece.release();
    }
    return all.toString();
  }
}
