package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a caller gets who sends a request again by its `Idempotency-Key`, and what it pays.
@ExtendWith(LeakWatch.class)
class IdempotencyIT {
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM =
      ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
  private static final String NAME = "f3b0c442-98fc";
  private static final List<String> MODELS = List.of("gpt-4o", "gpt-4o-mini");

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, Configurations.of(provider.baseUrl(), MODELS));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void chargesNothingForAnAnswerThatIsReplayed(String stream) {
    HttpResponse<byte[]> first = ask(NAME, body("tokens=20", stream));
    HttpResponse<byte[]> again = ask(NAME, body("tokens=20", stream));

    assertThat(first.statusCode()).isEqualTo(200);
    assertThat(header(first, "idempotent-replayed")).isEmpty();
    assertReplayed(again, first);
    assertThat(provider.requests()).hasSize(1);
    assertLinesAre(1);
  }

  @Test
  void takesNoLimitForAnAnswerThatIsReplayed() {
    gateway.configure(
        Configurations.limited(
            provider.baseUrl(), "gpt-4o", new RateLimit(1, Duration.ofHours(1))));

    HttpResponse<byte[]> first = ask(NAME, body("", ""));

    assertReplayed(ask(NAME, body("", "")), first);
    assertReplayed(ask(NAME, body("", "")), first);
    assertThat(ask("another", body("", "")).statusCode()).isEqualTo(429);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokens=30 gap=20ms", "first-byte=500ms"})
  void callsTheProviderOnceForDuplicatesAtOnce(String script) {
    String body = body(script, STREAM);
    List<CompletableFuture<HttpResponse<byte[]>>> all =
        Stream.generate(
                () ->
                    CompletableFuture.supplyAsync(
                        () -> ask(NAME, body), Thread::startVirtualThread))
            .limit(200)
            .toList();
    List<HttpResponse<byte[]>> answers = all.stream().map(CompletableFuture::join).toList();

    assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    assertThat(answers).filteredOn(it -> header(it, "idempotent-replayed").isEmpty()).hasSize(1);
    byte[] bytes = answers.getFirst().body();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.body()).isEqualTo(bytes));
    assertThat(new String(bytes, UTF_8)).endsWith("data: [DONE]\n\n");
    assertThat(provider.requests()).hasSize(1);
    assertLinesAre(1);
  }

  @Test
  void refusesAnotherBodyUnderTheSameName() {
    ask(NAME, body("tokens=20", ""));

    HttpResponse<byte[]> other = ask(NAME, body("tokens=21", ""));

    assertError(other, 422, "idempotency_key_reused");
    assertThat(provider.requests()).hasSize(1);
    assertLinesAre(1);
  }

  @Test
  void knowsNamesOfOneModelAndSurfaceApart() {
    ask(NAME, body("", ""));

    assertThat(ask(NAME, body("", "").replace("gpt-4o", "gpt-4o-mini")).statusCode())
        .isEqualTo(200);
    assertThat(ask("other", body("", "")).statusCode()).isEqualTo(200);
    assertThat(send("/v1/embeddings", NAME, "{\"model\":\"gpt-4o\",\"input\":\"hi\"}").statusCode())
        .isEqualTo(200);
    assertThat(provider.requests()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=503",
        "status=429 retry-after=0",
        "status=401",
        "outcome=html",
        "outcome=truncate after=3",
        "outcome=error-event after=3",
        "outcome=half-stream after=3"
      })
  void freesTheNameOfARequestThatFailed(String script) throws IOException {
    provider.script(1, script);
    readAll(NAME, plain(STREAM));

    HttpResponse<byte[]> again = ask(NAME, plain(STREAM));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "idempotent-replayed")).isEmpty();
    assertThat(provider.requests()).hasSize(2);
    assertReplayed(ask(NAME, plain(STREAM)), again);
    assertLinesAre(2);
  }

  @Test
  void freesTheNameOfARequestThatALimitRefused() {
    gateway.configure(
        Configurations.limited(
            provider.baseUrl(), "gpt-4o", new RateLimit(0, Duration.ofHours(1))));
    assertThat(ask(NAME, plain("")).statusCode()).isEqualTo(429);

    gateway.configure(Configurations.of(provider.baseUrl(), MODELS));

    assertThat(ask(NAME, plain("")).statusCode()).isEqualTo(200);
  }

  @Test
  void repeatsWhatTheProviderRefused() {
    provider.script(1, "status=400");
    HttpResponse<byte[]> refused = ask(NAME, plain(""));

    HttpResponse<byte[]> again = ask(NAME, plain(""));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertReplayed(again, refused);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void freesTheNameOfACallerWhoLeft() throws IOException {
    askAndLeave(body("tokens=200 gap=20ms", STREAM));
    await().until(() -> state() == ReceivedRequest.State.CALLER_LEFT);

    HttpResponse<byte[]> again = ask(NAME, body("tokens=200 gap=20ms", STREAM));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "idempotent-replayed")).isEmpty();
    assertThat(gateway.lines(2))
        .extracting(Line::outcome)
        .containsExactly("caller_gone", "completed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void keepsTheAnswerOfACallerWhoLeftWhereItIsReadOn(String stream) throws IOException {
    gateway.configure(changed(provider -> provider, Configurations::readingOn));
    askAndLeave(body("tokens=60 gap=10ms", stream));

    HttpResponse<byte[]> again = ask(NAME, body("tokens=60 gap=10ms", stream));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(header(again, "idempotent-replayed")).isEqualTo("true");
    assertThat(provider.requests()).hasSize(1);
    assertThat(state()).isEqualTo(ReceivedRequest.State.COMPLETE);
    assertLinesAre(1);
  }

  @Test
  void refusesToRepeatWhatWasTooLargeToBeKept() {
    gateway.configure(
        changed(entry -> Configurations.writingAtMost(entry, 1_000_000), route -> route));
    String body = body("tokens=8000 gap=0ms", STREAM);
    assertThat(ask(NAME, body).body()).hasSizeGreaterThan(1 << 20);

    assertError(ask(NAME, body), 409, "idempotency_not_replayable");
    assertThat(provider.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "ümlaut"})
  void refusesNamesThatCannotBe(String name) throws IOException {
    assertThat(readAll(name, plain(""))).contains(" 400 ").contains("invalid_value");
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void refusesALongNameAndTakesTheLongest() {
    assertError(ask("x".repeat(256), plain("")), 400, "invalid_value");
    assertThat(ask("x".repeat(255), plain("")).statusCode()).isEqualTo(200);
  }

  private void assertReplayed(HttpResponse<byte[]> again, HttpResponse<byte[]> first) {
    assertThat(again.statusCode()).isEqualTo(first.statusCode());
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(header(again, "content-type")).isEqualTo(header(first, "content-type"));
    assertThat(header(again, "oneflow-provider")).isEqualTo(header(first, "oneflow-provider"));
    assertThat(header(again, "idempotent-replayed")).isEqualTo("true");
    assertThat(header(again, "oneflow-cost-credits")).isEmpty();
  }

  private static void assertError(HttpResponse<byte[]> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(new String(answer.body(), UTF_8)).contains("\"code\":\"" + code + "\"");
  }

  /// Events are written in order: behind the last is that of one more request.
  private void assertLinesAre(int count) {
    assertThat(ask("one more", plain("")).statusCode()).isEqualTo(400);
    assertThat(gateway.post(CHAT, body("", "").getBytes(UTF_8)).statusCode()).isEqualTo(200);
    assertThat(gateway.lines(count + 1)).hasSize(count + 1);
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private ReceivedRequest.State state() {
    return provider.requests().getLast().produced().state();
  }

  private HttpResponse<byte[]> ask(String name, String body) {
    return send(CHAT, name, body);
  }

  private HttpResponse<byte[]> send(String path, String name, String body) {
    return gateway.send(
        gateway
            .request(path, Configurations.KEY)
            .timeout(Duration.ofSeconds(60))
            .header("Idempotency-Key", name)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /// Hangs up once the provider is at work.
  private void askAndLeave(String body) throws IOException {
    try (Socket socket = open(NAME, body)) {
      await().until(() -> !provider.requests().isEmpty());
      assertThat(socket.isConnected()).isTrue();
    }
  }

  /// What there is of an answer, though it may break off.
  private String readAll(String name, String body) throws IOException {
    try (Socket socket = open(name, body)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private Socket open(String name, String body) throws IOException {
    return gateway.open(body, "idempotency-key: " + name);
  }

  private static String body(String script, String more) {
    return plain(",\"user\":\"sim " + script + "\"" + more);
  }

  private static String plain(String more) {
    return "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
        + more
        + "}";
  }

  private GatewaySnapshot changed(
      UnaryOperator<ProviderEntry> providers, UnaryOperator<RouteEntry> routes) {
    return Configurations.changed(provider.baseUrl(), MODELS, providers, routes);
  }
}
