package ai.oneflow.gateway.exchange.accept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionHandlerTest {
  private static final String HEAD = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\n";

  private final ScriptedExchanges exchanges = new ScriptedExchanges();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new StrictRequestDecoder(), new ConnectionHandler(exchanges, new RequestIds()));

  @AfterEach
  void releasesAll() {
    channel.finishAndReleaseAll();
  }

  @Test
  void leavesTheErrorOfABodyThatGrewTooLargeToItsExchange() {
    receive(HEAD + "transfer-encoding: chunked\r\n\r\n6\r\n123456\r\n6\r\n123456\r\n");

    assertThat(exchanges.heard).containsExactly("6 bytes", "request_too_large");
    assertThat(sent()).startsWith("HTTP/1.1 413 ").contains("connection: close");
  }

  @Test
  void tellsTheExchangeOfItsOwnBugAndHangsUp() {
    exchanges.failing = true;

    receive(HEAD + "content-length: 2\r\n\r\n{}");

    assertThat(exchanges.heard).containsExactly("internal_error");
    assertThat(sent()).startsWith("HTTP/1.1 500 ");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void tellsTheExchangeOnceThatItsCallerIsGone() {
    receive(HEAD + "content-length: 2\r\n\r\n{}" + HEAD + "content-length: 2\r\n\r\n{");

    channel.close();

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete", "gone");
  }

  @Test
  void takesTheNextRequestOnceTheOneBeforeItIsAnswered() {
    receive((HEAD + "content-length: 2\r\n\r\n{}").repeat(2));
    assertThat(exchanges.heard).containsExactly("2 bytes", "complete");
    assertThat(channel.config().isAutoRead()).isFalse();

    exchanges.answer();
    channel.runPendingTasks();

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete", "2 bytes", "complete");
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void hangsUpOnlyAfterItsLastAnswerWhenItIsDrained() {
    SlowSocket socket = new SlowSocket();
    channel.pipeline().addFirst(socket);
    receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.answer();

    channel.pipeline().get(ConnectionHandler.class).drain();
    assertThat(channel.isOpen()).isTrue();
    socket.promises.getLast().setSuccess();
    channel.runPendingTasks();

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesOneMoreRequestWhileItWindsDown() {
    channel.pipeline().get(ConnectionHandler.class).windDown();
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isTrue();

    receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.answer();
    channel.runPendingTasks();

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete");
    assertThat(sent()).contains("connection: close");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void keepsWhatTheHeadOfAStreamHasPromisedWhenItIsDrainedMeanwhile() {
    channel.freezeTime();
    receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.beginStream();
    channel.pipeline().get(ConnectionHandler.class).drain();
    exchanges.endStream();
    assertThat(sent()).doesNotContain("connection: close");

    receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.answer();
    channel.runPendingTasks();

    assertThat(sent()).contains("connection: close");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void hangsUpWhereNothingFollowsAStreamOfBeforeItWasDrained() {
    channel.freezeTime();
    receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.beginStream();
    channel.pipeline().get(ConnectionHandler.class).drain();
    exchanges.endStream();
    assertThat(channel.isOpen()).isTrue();

    pass(2);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void doesNotWaitForeverForTheRestOfABody() {
    channel.freezeTime();
    receive(HEAD + "content-length: 4\r\n\r\n{");
    pass(30); // which heard the beginning
    receive(" ");
    pass(30);
    assertThat(exchanges.heard).containsExactly("1 bytes", "1 bytes");

    pass(30);

    assertThat(exchanges.heard).containsExactly("1 bytes", "1 bytes", "request_timeout");
    assertThat(sent()).startsWith("HTTP/1.1 408 ").contains("connection: close");
  }

  @Test
  void waitsForAProviderAsLongAsItTakes() {
    channel.freezeTime();
    receive(HEAD + "content-length: 2\r\n\r\n{}");

    pass(3_600);

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete");
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void hangsUpOnAHeadThatTricklesIn() {
    channel.freezeTime();
    for (int i = 0; i < 12; i++) {
      assertThat(channel.isOpen()).isTrue();
      receive(i == 0 ? HEAD : "x");
      pass(30);
    }

    assertThat(channel.isOpen()).isFalse();
  }

  private void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
  }

  private void receive(String bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
  }

  private String sent() {
    StringBuilder sent = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      sent.append(next.toString(US_ASCII));
      next.release();
    }
    return sent.toString();
  }

  /// Takes bytes and says nothing of what became of them.
  private static final class SlowSocket extends ChannelOutboundHandlerAdapter {
    private final List<ChannelPromise> promises = new ArrayList<>();

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
      promises.add(promise);
    }
  }
}
