package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A hard budget, and a provider that writes as much as it likes whatever length it is given.
@ExtendWith(LeakWatch.class)
class HeldAnswersIT {
  private static final String MODEL = "llama-3.3-70b";
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM = ",\"stream\":true";
  private static final int MOST_TOKENS = 4_000;

  @TempDir Path folder;
  private RawProvider provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = RawProvider.start();
    gateway = GatewayUnderTest.start(folder, Configurations.of(provider.baseUrl(), List.of(MODEL)));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  /// Providers that do not know `max_completion_tokens` pass it over.
  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void holdsAllThatTheModelCanWriteWhereTheProviderMayNotKnowTheLength(String stream) {
    writes(MOST_TOKENS, stream);
    gateway.configure(spending(costOf(MOST_TOKENS) / 2, Configurations::compatible));

    HttpResponse<byte[]> answer = ask(",\"max_completion_tokens\":1" + stream);

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(provider.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void chargesNoMoreThanTheBudgetThoughTheLengthIsPassedOver(String stream) {
    writes(MOST_TOKENS, stream);
    long budget = 2 * costOf(MOST_TOKENS);
    gateway.configure(spending(budget, Configurations::compatible));

    assertThat(ask(",\"max_completion_tokens\":1" + stream).statusCode()).isEqualTo(200);

    Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.output()).isEqualTo(MOST_TOKENS);
    assertThat(line.picoDollars()).isLessThanOrEqualTo(budget);
  }

  @Test
  void holdsTheLengthThatOpenAiKeepsTo() {
    writes(1, "");
    gateway.configure(spending(costOf(MOST_TOKENS) / 2, entry -> entry));

    assertThat(ask(",\"max_completion_tokens\":1").statusCode()).isEqualTo(200);
  }

  /// Each event has 8 tokens in 32 bytes, so only a guess tells that there are too many.
  @Test
  void chargesNoMoreThanWasHeldForAStreamThatPassesItsLength() {
    streams(500, 32);
    long budget = costOf(1_000);
    gateway.configure(spending(budget, Configurations::compatible));

    HttpResponse<byte[]> answer = ask(",\"max_tokens\":1000" + STREAM);

    Line line = assertEnded(answer);
    assertThat(line.output()).isEqualTo(1_000);
    assertThat(line.picoDollars()).isLessThanOrEqualTo(budget);
  }

  /// No provider was told that length, so none can be expected to keep to it.
  @Test
  void passesNothingThatIsMoreThanWasHeldByWhatIsSaidOfTheModel() {
    streams(1_000, 32);
    long budget = costOf(MOST_TOKENS);
    gateway.configure(spending(budget, entry -> entry));

    HttpResponse<byte[]> answer = ask(STREAM);

    Line line = assertEnded(answer);
    assertThat(eventsOf(answer)).as("of 8 tokens each").isEqualTo(MOST_TOKENS / 8);
    assertThat(line.output()).isEqualTo(MOST_TOKENS);
    assertThat(line.picoDollars()).isLessThanOrEqualTo(budget);
  }

  @Test
  void passesNoMoreEventsThanTokensWereHeld() {
    streams(30, 3);
    gateway.configure(spending(costOf(20), entry -> entry));

    HttpResponse<byte[]> answer = ask(",\"max_tokens\":20" + STREAM);

    assertThat(eventsOf(answer)).isEqualTo(20);
    assertThat(assertEnded(answer).output()).isEqualTo(20);
  }

  /// Half of all answers have more than four bytes a token, and are guessed too long.
  @Test
  void endsNoAnswerThatIsGuessedLongerThanItIs() {
    streams(100, 7);
    gateway.configure(spending(costOf(100), Configurations::compatible));

    HttpResponse<byte[]> answer = ask(",\"max_tokens\":100" + STREAM);

    assertThat(eventsOf(answer)).isEqualTo(100);
    Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.output()).as("nobody told").isEqualTo(100);
  }

  private Line assertEnded(HttpResponse<byte[]> answer) {
    assertThat(new String(answer.body(), UTF_8))
        .contains("\"finish_reason\":\"length\"")
        .endsWith(DONE);
    Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("limit_reached");
    assertThat(line.source()).isEqualTo("estimated");
    return line;
  }

  private static int eventsOf(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8).split("\"content\":\"", -1).length - 1;
  }

  private void streams(int events, int bytesOfEach) {
    says("text/event-stream", delta("x".repeat(bytesOfEach)).repeat(events) + DONE);
  }

  /// The price of so long an answer to a prompt of some hundred bytes, and what nobody sent.
  private static long costOf(long tokens) {
    return 2_000 * Configurations.INPUT_PICO_DOLLARS + tokens * Configurations.OUTPUT_PICO_DOLLARS;
  }

  private void writes(int tokens, String stream) {
    String usage =
        "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":%d,\"total_tokens\":%d}"
            .formatted(tokens, tokens + 9);
    String text = "tok ".repeat(tokens);
    if (stream.isEmpty()) {
      says(
          "application/json",
          "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
              + text
              + "\"},\"finish_reason\":\"stop\"}],"
              + usage
              + "}");
    } else {
      says("text/event-stream", delta(text) + "data: {\"choices\":[]," + usage + "}\n\n" + DONE);
    }
  }

  private static final String DONE = "data: [DONE]\n\n";

  private static String delta(String text) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
  }

  private void says(String type, String body) {
    provider.says(
        "HTTP/1.1 200 OK\r\ncontent-type: "
            + type
            + "\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  private HttpResponse<byte[]> ask(String more) {
    String body =
        "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + more;
    return gateway.post(CHAT, (body + "}").getBytes(UTF_8));
  }

  private GatewaySnapshot spending(long picoDollars, UnaryOperator<ProviderEntry> change) {
    BudgetEntry budget =
        new BudgetEntry(
            picoDollars,
            BudgetEntry.Window.MONTH,
            "UTC",
            BudgetEntry.Action.HARD_STOP,
            "",
            List.of(80));
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    entries.replaceAll(
        entry ->
            switch (entry) {
              case ProviderEntry at -> change.apply(Configurations.writingAtMost(at, MOST_TOKENS));
              case KeyEntry key -> Configurations.with(key, budget);
              default -> entry;
            });
    return GatewaySnapshot.of(entries);
  }
}
