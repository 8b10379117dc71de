package ai.oneflow.gateway.exchange.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each state of a caller's connection with each step of a drain, and what the caller sees of it.
class DrainTest {
  private static final String HEAD = "POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\n";
  private static final String LENGTH = "content-length: 4\r\n\r\n";
  private static final String BODY = "{  }";

  private final ScriptedExchanges exchanges = new ScriptedExchanges();
  private final CallerConnection caller = new CallerConnection(exchanges);
  private final EmbeddedChannel channel = caller.channel();

  /// Where a connection is when the gateway begins to end, and how what it is about goes on.
  enum Stage {
    NEW("", HEAD + LENGTH + BODY),
    IN_A_HEAD(HEAD, LENGTH + BODY),
    IN_A_BODY(HEAD + LENGTH + "{ ", " }"),
    WAITING(HEAD + LENGTH + BODY, ""),
    IN_A_STREAM(HEAD + LENGTH + BODY, ""),
    ANSWERED(HEAD + LENGTH + BODY, HEAD + LENGTH + BODY),
    ANSWERED_BEFORE_ITS_BODY(HEAD + LENGTH, BODY + HEAD + LENGTH + BODY);

    final String before;
    final String after;

    Stage(String before, String after) {
      this.before = before;
      this.after = after;
    }
  }

  enum Step {
    WIND_DOWN,
    DRAIN
  }

  /// What becomes of the request that was begun, or is the next.
  enum Fate {
    /// It is answered, and the answer says that the connection ends with it.
    LAST,
    /// It is answered; since its head could not say so any more, one more may follow for a while.
    NEXT_TO_LAST,
    /// The connection has ended before it.
    LATE,
    /// The connection takes nothing more, and ends as soon as the rest had time to come.
    IGNORED
  }

  @BeforeEach
  void stopTheClock() {
    channel.freezeTime();
  }

  @AfterEach
  void releasesAll() {
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @CsvSource({
    "NEW, WIND_DOWN, LAST",
    "NEW, DRAIN, LATE",
    "IN_A_HEAD, WIND_DOWN, LAST",
    "IN_A_HEAD, DRAIN, LATE",
    "IN_A_BODY, WIND_DOWN, LAST",
    "IN_A_BODY, DRAIN, LAST",
    "WAITING, WIND_DOWN, LAST",
    "WAITING, DRAIN, LAST",
    "IN_A_STREAM, WIND_DOWN, NEXT_TO_LAST",
    "IN_A_STREAM, DRAIN, NEXT_TO_LAST",
    "ANSWERED, WIND_DOWN, LAST",
    "ANSWERED, DRAIN, LATE",
    "ANSWERED_BEFORE_ITS_BODY, WIND_DOWN, LAST",
    "ANSWERED_BEFORE_ITS_BODY, DRAIN, IGNORED",
  })
  void eachStateOfAConnectionHasItsEnd(Stage stage, Step step, Fate fate) {
    bring(stage);
    begin(step);
    assertThat(channel.isOpen()).isEqualTo(fate != Fate.LATE);

    if (fate != Fate.LATE) {
      goOn(stage);
    }

    String answer = caller.sent();
    switch (fate) {
      case LAST -> {
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("connection: close");
        assertThat(channel.isOpen()).isFalse();
      }
      case NEXT_TO_LAST -> {
        assertThat(answer).doesNotContain("connection: close");
        assertThat(channel.isOpen()).isTrue();
        caller.pass(2);
        assertThat(channel.isOpen()).isFalse();
      }
      case IGNORED -> {
        assertThat(answer).isEmpty();
        assertThat(channel.isOpen()).isTrue();
        caller.pass(2);
        assertThat(channel.isOpen()).isFalse();
      }
      case LATE -> assertThat(answer).isEmpty();
    }
    assertThat(exchanges.heard).as("nobody was cut off").doesNotContain("gone");
  }

  /// A gateway that winds down is drained in the end: by then nothing more is lost than by a drain
  /// alone.
  @ParameterizedTest
  @CsvSource({"IN_A_BODY, LAST", "WAITING, LAST", "NEW, LATE", "ANSWERED, LATE"})
  void aDrainAfterWindingDownIsADrain(Stage stage, Fate fate) {
    bring(stage);
    begin(Step.WIND_DOWN);
    begin(Step.DRAIN);
    assertThat(channel.isOpen()).isEqualTo(fate == Fate.LAST);

    if (fate == Fate.LAST) {
      goOn(stage);
      assertThat(caller.sent()).contains("connection: close");
    }
    assertThat(channel.isOpen()).isFalse();
  }

  private void bring(Stage stage) {
    caller.receive(stage.before);
    switch (stage) {
      case ANSWERED, ANSWERED_BEFORE_ITS_BODY -> exchanges.answer();
      case IN_A_STREAM -> exchanges.beginStream();
      case NEW, IN_A_HEAD, IN_A_BODY, WAITING -> {}
    }
    assertThat(caller.sent()).doesNotContain("connection: close");
  }

  private void begin(Step step) {
    ConnectionHandler handler = channel.pipeline().get(ConnectionHandler.class);
    switch (step) {
      case WIND_DOWN -> handler.windDown();
      case DRAIN -> handler.drain();
    }
    channel.runPendingTasks();
  }

  private void goOn(Stage stage) {
    caller.receive(stage.after);
    if (stage == Stage.IN_A_STREAM) {
      exchanges.endStream();
    } else if (exchanges.heard.contains("complete")) {
      exchanges.answer();
    }
    channel.runPendingTasks();
  }
}
