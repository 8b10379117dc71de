package ai.oneflow.gateway.exchange.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;

/// A caller's connection without a socket, as its caller sees it.
record CallerConnection(EmbeddedChannel channel) {

  CallerConnection(ScriptedExchanges exchanges) {
    this(
        new EmbeddedChannel(
            new StrictRequestDecoder(), new ConnectionHandler(exchanges, new RequestIds())));
  }

  void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  void receive(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
  }

  String sent() {
    StringBuilder sent = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      sent.append(next.toString(US_ASCII));
      next.release();
    }
    return sent.toString();
  }
}
