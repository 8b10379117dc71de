package ai.oneflow.gateway.exchange.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.exchange.accept.Downstream;
import ai.oneflow.gateway.idempotency.Conclusion;
import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.gateway.idempotency.Turn;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecorderTest {
  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final Noting turn = new Noting();
  private Recorder recorder;

  /// A turn that notes what it is told.
  private static final class Noting implements Turn {
    private final List<Conclusion> conclusions = new ArrayList<>();
    private int renewed;
    private int letGo;

    @Override
    public void renew() {
      renewed++;
    }

    @Override
    public void conclude(Conclusion conclusion) {
      conclusions.add(conclusion);
    }

    @Override
    public void letGo() {
      letGo++;
    }
  }

  @BeforeEach
  void start() {
    loop.freezeTime();
    recorder = new Recorder(turn, loop.eventLoop());
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @Test
  void keepsWhatTheCallerGotInPieces() {
    HttpHeaders headers =
        Downstream.headers()
            .add("content-type", "text/event-stream")
            .add("oneflow-provider", "ai/openai")
            .add("oneflow-cost-credits", "0.3")
            .add("x-ratelimit-limit", "10");

    answer(200, headers, "data: 1\n\n", "data: [DONE]\n\n");

    assertThat(turn.letGo).isZero();
    assertThat(turn.conclusions).hasSize(1);
    Conclusion.Kept kept = (Conclusion.Kept) turn.conclusions.getFirst();
    assertThat(kept.answer().status()).isEqualTo(200);
    assertThat(kept.answer().headers())
        .isEqualTo(Map.of("content-type", "text/event-stream", "oneflow-provider", "ai/openai"));
    assertThat(kept.answer().body()).asString(UTF_8).isEqualTo("data: 1\n\ndata: [DONE]\n\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 413, 422})
  void keepsRefusalsOfTheProvider(int status) {
    answer(status, Downstream.headers(), "{}");

    assertThat(turn.conclusions).hasSize(1).first().isInstanceOf(Conclusion.Kept.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 409, 425, 429, 500, 503})
  void letsTheNameGoWhereTheAnswerAsksToComeAgain(int status) {
    answer(status, Downstream.headers(), "{}");

    assertThat(turn.conclusions).isEmpty();
    assertThat(turn.letGo).isEqualTo(1);
  }

  @Test
  void letsTheNameGoWhereThereIsNoAnswer() {
    recorder.head(200, Downstream.headers());
    recorder.failed();

    assertThat(turn.conclusions).isEmpty();
    assertThat(turn.letGo).isEqualTo(1);
  }

  @Test
  void keepsTheLargestAnswerAndOfALargerOneThatThereWasOne() {
    answer(200, Downstream.headers(), "x".repeat(Recorder.MOST_BYTES - 1), "y");
    assertThat(turn.conclusions).hasSize(1).first().isInstanceOf(Conclusion.Kept.class);

    recorder = new Recorder(turn, loop.eventLoop());
    answer(200, Downstream.headers(), "x".repeat(Recorder.MOST_BYTES), "y");
    assertThat(turn.conclusions).hasSize(2).last().isEqualTo(new Conclusion.NotKept());
  }

  @Test
  void holdsTheNameUntilTheAnswerIsComplete() {
    pass(10 * Replays.LEASE_MILLIS);
    assertThat(turn.renewed).isEqualTo(30);

    answer(200, Downstream.headers(), "{}");
    pass(10 * Replays.LEASE_MILLIS);

    assertThat(turn.renewed).isEqualTo(30);
  }

  @Test
  void holdsNoNameForMoreThanAnHour() {
    pass(2 * 3_600_000);

    assertThat(turn.renewed).isEqualTo(720);
  }

  private void answer(int status, HttpHeaders headers, String... pieces) {
    recorder.head(status, headers);
    for (String text : pieces) {
      ByteBuf piece = Unpooled.copiedBuffer(text, UTF_8);
      recorder.piece(piece);
      assertThat(piece.readableBytes()).as("left as it was").isEqualTo(text.length());
      piece.release();
    }
    recorder.complete();
  }

  private void pass(long millis) {
    for (long passed = 0; passed < millis; passed += 1_000) {
      loop.advanceTimeBy(1_000, TimeUnit.MILLISECONDS);
      loop.runScheduledPendingTasks();
    }
  }
}
