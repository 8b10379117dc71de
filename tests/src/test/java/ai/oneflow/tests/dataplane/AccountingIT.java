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
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of docs/accounting.md that one gateway can show, each with its fault injected.
@ExtendWith(LeakWatch.class)
class AccountingIT {
  private static final String MODEL = "gpt-4o";
  private static final String STREAM = ",\"stream\":true";
  private static final String CHAT = "/v1/chat/completions";

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, Configurations.of(provider.baseUrl(), List.of(MODEL)));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void chargesByTheProvidersFigures(String stream) {
    post("cached-tokens=3", stream);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.source()).isEqualTo("provider");
    assertThat(line.cached()).isEqualTo(3);
    assertThat(line.picoDollars())
        .isEqualTo(
            (line.input() - 3) * Configurations.INPUT_PICO_DOLLARS
                + 3 * Configurations.CACHED_PICO_DOLLARS
                + line.output() * Configurations.OUTPUT_PICO_DOLLARS);
    assertThat(line.output()).isEqualTo(sent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void estimatesWhereTheProviderGivesNoFigures(String stream) {
    HttpResponse<byte[]> answer = post("usage=missing tokens=100", stream);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertEstimated(line(), "completed", 200);
  }

  @Test
  void recordsNothingOfWhatWasRefused() throws IOException {
    gateway.configure(
        Configurations.limited(provider.baseUrl(), MODEL, new RateLimit(0, Duration.ofHours(1))));

    assertThat(post("", "").statusCode()).isEqualTo(429);
    assertThat(gateway.post(CHAT, "{\"model\":\"nobody\"}".getBytes(UTF_8)).statusCode())
        .isEqualTo(404);

    assertThat(provider.requests()).isEmpty();
    assertNothingRecordedBefore();
  }

  @Test
  void refusesAModelWithoutPrice() throws IOException {
    gateway.configure(unpriced(RouteEntry.Unpriced.REFUSE));

    assertThat(post("", "").statusCode()).isEqualTo(503);

    assertThat(provider.requests()).isEmpty();
    assertNothingRecordedBefore();
  }

  @Test
  void recordsWhatItServesWithoutPrice() throws IOException {
    gateway.configure(unpriced(RouteEntry.Unpriced.ALLOW_UNBILLED));

    assertThat(post("", "").statusCode()).isEqualTo(200);

    Line line = line();
    assertThat(line.chargeState()).isEqualTo("unpriced");
    assertThat(line.picoDollars()).isZero();
    assertThat(line.output()).isEqualTo(sent());
  }

  @Test
  void chargesThePromptOfACallerWhoLeft() throws IOException {
    callAndLeave(body("outcome=stall at=before-headers", STREAM), 0);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.source()).isEqualTo("estimated");
    assertThat(line.input()).isPositive();
    assertThat(line.output()).isZero();
    assertPriced(line);
  }

  @Test
  void chargesWhatHadPassedWhenTheCallerLeft() throws IOException {
    callAndLeave(body("tokens=200 gap=20ms", STREAM), 4_000);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.status()).isZero();
    assertThat(line.source()).isEqualTo("estimated");
    assertPriced(line);
    await()
        .untilAsserted(
            () ->
                assertThat(note().produced().state())
                    .as("the provider's call is cancelled")
                    .isEqualTo(ReceivedRequest.State.CALLER_LEFT));
    assertThat(line.output()).isBetween(sent() / 3, sent() * 3);
    assertThat(sent()).isLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({"tokens=200 gap=5ms,true,4000", "tokens=40 gap=5ms,true,0", "gap=10ms,false,0"})
  void readsOnForTheFiguresOfACallerWhoLeft(String script, boolean stream, int bytes)
      throws IOException {
    gateway.configure(readingOn());

    callAndLeave(body(script, stream ? STREAM : ""), bytes);

    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.status()).isZero();
    assertThat(line.source()).isEqualTo("provider");
    assertThat(note().produced().state()).isEqualTo(ReceivedRequest.State.COMPLETE);
    assertThat(line.output()).isEqualTo(sent());
    assertPriced(line);
  }

  @Test
  void readsNoFurtherThanIsWorthIt() throws IOException {
    gateway.configure(
        changed(
            provider -> Configurations.writingAtMost(provider, 1_000_000),
            Configurations::readingOn));

    callAndLeave(body("tokens=100000 gap=0ms", STREAM), 4_000);

    assertThat(assertGivenUp().output()).isLessThan(100_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome=reset", "outcome=truncate", "outcome=error-event"})
  void chargesWhatAProviderProducedThatFailsWhenTheCallerHasLeft(String script) throws IOException {
    gateway.configure(readingOn());

    callAndLeave(body(script + " after=60 tokens=100 gap=10ms", STREAM), 2_000);

    assertEstimated(line(), "provider_failed", 0);
  }

  @Test
  void chargesNothingForHalfAnAnswerThoughTheCallerHasLeft() throws IOException {
    gateway.configure(readingOn());

    callAndLeave(body("outcome=truncate gap=10ms", ""), 0);

    Line line = line();
    assertThat(line.status()).isZero();
    assertFree(line, "provider_failed");
  }

  @Test
  void readsOnForNobodyWhenItEnds() throws IOException {
    gateway.configure(readingOn());
    callAndLeave(body("tokens=400 gap=50ms", STREAM), 4_000);
    await("reading on, through several gaps")
        .during(Duration.ofMillis(300))
        .until(() -> note().produced().state() == ReceivedRequest.State.RUNNING);

    gateway.close();

    gateway = GatewayUnderTest.start(folder, readingOn());
    assertThat(assertGivenUp().output()).isLessThan(400);
  }

  /// As a caller's leaving ends where nothing is read on for it, only later.
  private Line assertGivenUp() {
    Line line = line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.status()).isZero();
    assertThat(line.source()).isEqualTo("estimated");
    assertPriced(line);
    await("the provider's call is cancelled")
        .until(() -> note().produced().state() == ReceivedRequest.State.CALLER_LEFT);
    return line;
  }

  private GatewaySnapshot readingOn() {
    return changed(provider -> provider, Configurations::readingOn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=500",
        "status=401",
        "outcome=html",
        "outcome=reset at=before-headers",
        "outcome=garbage-events"
      })
  void chargesNothingForAProviderThatFailed(String script) {
    post(script, STREAM);

    assertFree(line(), "provider_failed");
  }

  @Test
  void chargesNothingForAProviderThatCannotBeReached() {
    gateway.configure(Configurations.of(URI.create("http://127.0.0.1:9/v1"), List.of(MODEL)));

    assertThat(post("", "").statusCode()).isEqualTo(503);

    assertFree(line(), "provider_failed");
  }

  @Test
  void chargesNothingForARequestThatTheProviderRefused() {
    assertThat(post("status=429", "").statusCode()).isEqualTo(429);

    assertFree(line(), "provider_refused");
  }

  @Test
  void chargesNothingForAnErrorBeforeContent() throws IOException {
    read("outcome=error-event after=1", STREAM);

    assertFree(line(), "provider_failed");
  }

  /// As SDKs do when they read of it.
  @Test
  void chargesNothingToACallerWhoLeavesOverAnErrorBeforeContent() throws IOException {
    try (Socket socket = gateway.open(body("outcome=error-event after=1 gap=5s", STREAM))) {
      StringBuilder read = new StringBuilder();
      while (read.indexOf("\"error\"") < 0) {
        read.append((char) socket.getInputStream().read());
      }
    }

    assertFree(line(), "provider_failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome=error-event after=60", "outcome=garbage-event after=60"})
  void chargesWhatHadPassedBeforeAnErrorEvent(String script) throws IOException {
    read(script + " tokens=100", STREAM);

    Line line = line();
    assertEstimated(line, "provider_failed", line.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome=reset", "outcome=truncate", "outcome=half-stream"})
  void chargesWhatHadPassedOfATruncatedStream(String script) throws IOException {
    read(script + " after=60 tokens=100", STREAM);

    Line line = line();
    assertEstimated(line, "provider_failed", line.status());
  }

  @Test
  void chargesNothingForHalfAnAnswer() {
    assertThat(post("outcome=truncate", "").statusCode()).isBetween(500, 599);

    assertFree(line(), "provider_failed");
  }

  @Test
  void chargesNothingForATimeOutBeforeContent() {
    gateway.configure(impatient());

    assertThat(post("outcome=stall at=before-headers", STREAM).statusCode()).isEqualTo(504);

    Line line = line();
    assertThat(line.status()).isEqualTo(504);
    assertFree(line, "provider_failed");
  }

  @Test
  void chargesWhatHadPassedBeforeATimeOut() throws IOException {
    gateway.configure(impatient());

    read("outcome=stall after=60 tokens=100", STREAM);

    assertEstimated(line(), "provider_failed", 504);
  }

  @Test
  void endsAStreamThatWouldPassItsHold() {
    gateway.configure(
        changed(provider -> Configurations.writingAtMost(provider, 20), route -> route));

    HttpResponse<byte[]> answer = post("tokens=200", STREAM);

    String events = new String(answer.body(), UTF_8);
    assertThat(events).contains("\"finish_reason\":\"length\"").endsWith("data: [DONE]\n\n");
    Line line = line();
    assertThat(line.outcome()).isEqualTo("limit_reached");
    assertThat(line.source()).isEqualTo("estimated");
    assertPriced(line);
  }

  private void assertEstimated(Line line, String outcome, int status) {
    assertThat(line.outcome()).isEqualTo(outcome);
    assertThat(line.status()).isEqualTo(status);
    assertThat(line.source()).isEqualTo("estimated");
    assertThat(line.input()).isPositive();
    assertThat(line.output()).isBetween(sent() / 3, sent() * 3);
    assertPriced(line);
  }

  private static void assertPriced(Line line) {
    assertThat(line.chargeState()).isEqualTo("priced");
    assertThat(line.picoDollars())
        .isEqualTo(
            line.input() * Configurations.INPUT_PICO_DOLLARS
                + line.output() * Configurations.OUTPUT_PICO_DOLLARS);
  }

  private static void assertFree(Line line, String outcome) {
    assertThat(line.outcome()).isEqualTo(outcome);
    assertThat(line.source()).isEqualTo("none");
    assertThat(line.input()).isZero();
    assertThat(line.output()).isZero();
    assertThat(line.picoDollars()).isZero();
  }

  /// What was refused has no row: the first row is that of a request made afterwards.
  private void assertNothingRecordedBefore() {
    gateway.configure(Configurations.of(provider.baseUrl(), List.of(MODEL)));
    assertThat(post("", "").statusCode()).isEqualTo(200);
    assertThat(gateway.lines(1)).hasSize(1).allMatch(line -> line.status() == 200);
  }

  private Line line() {
    List<Line> lines = gateway.lines(1);
    assertThat(lines).hasSize(1);
    return lines.getFirst();
  }

  private ReceivedRequest note() {
    return provider.requests().getLast();
  }

  private long sent() {
    return note().produced().sentTokens();
  }

  private HttpResponse<byte[]> post(String script, String more) {
    return gateway.post(CHAT, body(script, more).getBytes(UTF_8));
  }

  /// Reads what there is of an answer that breaks off.
  private void read(String script, String more) throws IOException {
    String body = body(script, more);
    try (Socket socket = gateway.open(body)) {
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).startsWith("HTTP/1.1");
    }
  }

  private static String body(String script, String more) {
    return "{\"model\":\""
        + MODEL
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"user\":\"sim "
        + script
        + "\""
        + more
        + "}";
  }

  /// Sends a request, reads so much of the answer, and hangs up once the provider is at work.
  private void callAndLeave(String body, int bytes) throws IOException {
    try (Socket socket = gateway.open(body)) {
      InputStream answer = socket.getInputStream();
      assertThat(answer.readNBytes(bytes)).hasSize(bytes);
      await().until(() -> !provider.requests().isEmpty());
    }
  }

  private GatewaySnapshot unpriced(RouteEntry.Unpriced unpriced) {
    return changed(
        Configurations::withoutPrices, route -> Configurations.unpriced(route, unpriced));
  }

  private GatewaySnapshot impatient() {
    return changed(
        _ -> Configurations.provider(provider.baseUrl(), List.of(MODEL), Duration.ofMillis(500)),
        route -> route);
  }

  private GatewaySnapshot changed(
      UnaryOperator<ProviderEntry> providers, UnaryOperator<RouteEntry> routes) {
    return Configurations.changed(provider.baseUrl(), List.of(MODEL), providers, routes);
  }
}
