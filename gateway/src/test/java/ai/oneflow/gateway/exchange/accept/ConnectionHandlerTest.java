package ai.oneflow.gateway.exchange.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionHandlerTest {
  private static final String HEAD = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\n";

  private final ScriptedExchanges exchanges = new ScriptedExchanges();
  private final CallerConnection caller = new CallerConnection(exchanges);
  private final EmbeddedChannel channel = caller.channel();

  @AfterEach
  void releasesAll() {
    channel.finishAndReleaseAll();
  }

  @Test
  void leavesTheErrorOfABodyThatGrewTooLargeToItsExchange() {
    caller.receive(HEAD + "transfer-encoding: chunked\r\n\r\n6\r\n123456\r\n6\r\n123456\r\n");

    assertThat(exchanges.heard).containsExactly("6 bytes", "request_too_large");
    assertThat(caller.sent()).startsWith("HTTP/1.1 413 ").contains("connection: close");
  }

  @Test
  void tellsTheExchangeOfItsOwnBugAndHangsUp() {
    exchanges.failing = true;

    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");

    assertThat(exchanges.heard).containsExactly("internal_error");
    assertThat(caller.sent()).startsWith("HTTP/1.1 500 ");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void tellsTheExchangeOnceThatItsCallerIsGone() {
    caller.receive(HEAD + "content-length: 2\r\n\r\n{}" + HEAD + "content-length: 2\r\n\r\n{");

    channel.close();

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete", "gone");
  }

  @Test
  void takesTheNextRequestOnceTheOneBeforeItIsAnswered() {
    caller.receive((HEAD + "content-length: 2\r\n\r\n{}").repeat(2));
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
    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");
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

    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.answer();
    channel.runPendingTasks();

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete");
    assertThat(caller.sent()).contains("connection: close");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void keepsWhatTheHeadOfAStreamHasPromisedWhenItIsDrainedMeanwhile() {
    channel.freezeTime();
    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.beginStream();
    channel.pipeline().get(ConnectionHandler.class).drain();
    exchanges.endStream();
    assertThat(caller.sent()).doesNotContain("connection: close");

    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.answer();
    channel.runPendingTasks();

    assertThat(caller.sent()).contains("connection: close");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void hangsUpWhereNothingFollowsAStreamOfBeforeItWasDrained() {
    channel.freezeTime();
    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");
    exchanges.beginStream();
    channel.pipeline().get(ConnectionHandler.class).drain();
    exchanges.endStream();
    assertThat(channel.isOpen()).isTrue();

    caller.pass(2);

    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void doesNotWaitForeverForTheRestOfABody() {
    channel.freezeTime();
    caller.receive(HEAD + "content-length: 4\r\n\r\n{");
    caller.pass(30); // which heard the beginning
    caller.receive(" ");
    caller.pass(30);
    assertThat(exchanges.heard).containsExactly("1 bytes", "1 bytes");

    caller.pass(30);

    assertThat(exchanges.heard).containsExactly("1 bytes", "1 bytes", "request_timeout");
    assertThat(caller.sent()).startsWith("HTTP/1.1 408 ").contains("connection: close");
  }

  @Test
  void waitsForAProviderAsLongAsItTakes() {
    channel.freezeTime();
    caller.receive(HEAD + "content-length: 2\r\n\r\n{}");

    caller.pass(3_600);

    assertThat(exchanges.heard).containsExactly("2 bytes", "complete");
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void hangsUpOnAHeadThatTricklesIn() {
    channel.freezeTime();
    for (int i = 0; i < 12; i++) {
      assertThat(channel.isOpen()).isTrue();
      caller.receive(i == 0 ? HEAD : "x");
      caller.pass(30);
    }

    assertThat(channel.isOpen()).isFalse();
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
