package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is charged where the provider gives no figures and the model's tokenizer is public.
@ExtendWith(LeakWatch.class)
class CountedTokensIT {
  private static final String STREAM = ",\"stream\":true";
  private static final String CHAT = "/v1/chat/completions";

  /// Far from four bytes a token: a token has one byte, or fifteen.
  private static final String PROMPT = "0x7f 0x80 internationalization ".repeat(20) + "größer";

  /// What a chat template puts around one message.
  private static final int FRAME = 7;

  private static final Encoding O200K =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;
  private boolean ended;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway =
        GatewayUnderTest.start(
            folder, Configurations.of(provider.baseUrl(), List.of("gpt-4o", "sim:usage=missing")));
  }

  @AfterEach
  void stop() throws IOException {
    end();
    provider.close();
  }

  private void end() throws IOException {
    if (!ended) {
      ended = true;
      gateway.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void countsPromptAndAnswer(String stream) {
    assertThat(post("gpt-4o", "usage=missing tokens=300", stream)).isEqualTo(200);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.source()).isEqualTo("estimated");
    assertThat(line.input()).isEqualTo(tokens(PROMPT) + FRAME);
    assertThat(line.output()).isEqualTo(written(stream.isEmpty() ? 1 : 300));
  }

  @Test
  void goesOnAsItBeganWhereAnAnswerIsLongerThanWhatIsKept() {
    assertThat(post("gpt-4o", "usage=missing tokens=9000", STREAM)).isEqualTo(200);

    assertThat(line().output()).isCloseTo(written(9000), withPercentage(3));
  }

  @Test
  void countsThePromptOfACallerWhoLeftBeforeTheFirstByte() throws IOException {
    callAndLeave("outcome=stall at=before-headers", 0);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.input()).isEqualTo(tokens(PROMPT) + FRAME);
    assertThat(line.output()).isZero();
  }

  @Test
  void countsThePromptOfACallerWhoLeftInMidStream() throws IOException {
    callAndLeave("tokens=200 gap=20ms", 4_000);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.input()).isEqualTo(tokens(PROMPT) + FRAME);
    assertThat(line.output()).isBetween(5L, 190L);
  }

  /// The tokenizer is loaded first, for tenths of a second.
  @Test
  void whatIsStillBeingCountedWhenTheGatewayEndsIsWrittenDown() throws IOException {
    callAndLeave("tokens=200 gap=20ms", 4_000);
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                provider.requests().getLast().produced().state()
                    == ReceivedRequest.State.CALLER_LEFT);

    end();

    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.input()).isEqualTo(tokens(PROMPT) + FRAME);
  }

  @Test
  void guessesByBytesWhereTheTokenizerIsNotPublic() {
    assertThat(
            gateway.post(
                CHAT, body("sim:usage=missing", "usage=missing tokens=40", "").getBytes(UTF_8)))
        .satisfies(answer -> assertThat(new String(answer.body(), UTF_8)).contains("choices"));

    Line line = line();
    assertThat(line.source()).isEqualTo("estimated");
    assertThat(line.input()).isEqualTo(Math.ceilDiv(PROMPT.getBytes(UTF_8).length, 4) + FRAME);
  }

  @Test
  void countsForManyAtOnce() {
    List<Thread> callers =
        IntStream.range(0, 100)
            .mapToObj(
                _ ->
                    Thread.startVirtualThread(
                        () -> post("gpt-4o", "usage=missing tokens=50", STREAM)))
            .toList();
    callers.forEach(CountedTokensIT::join);

    assertThat(gateway.lines(100))
        .hasSize(100)
        .allMatch(line -> line.source().equals("estimated") && line.status() == 200);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Of so many pieces the text has at least so many tokens.
  private long written(int pieces) {
    return Math.max(
        pieces, tokens(String.join("", provider.requests().getLast().planned().tokens())));
  }

  private static long tokens(String text) {
    return O200K.countTokensOrdinary(text);
  }

  private Line line() {
    List<Line> lines = gateway.lines(1);
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  private int post(String model, String script, String more) {
    return gateway.post(CHAT, body(model, script, more).getBytes(UTF_8)).statusCode();
  }

  private void callAndLeave(String script, int bytes) throws IOException {
    try (Socket socket = gateway.open(body("gpt-4o", script, STREAM))) {
      InputStream answer = socket.getInputStream();
      assertThat(answer.readNBytes(bytes)).hasSize(bytes);
      await().until(() -> !provider.requests().isEmpty());
    }
  }

  private static String body(String model, String script, String more) {
    return """
        {"model":"%s","messages":[{"role":"user","content":"%s"}],"user":"sim %s"%s}"""
        .formatted(model, PROMPT, script, more);
  }
}
