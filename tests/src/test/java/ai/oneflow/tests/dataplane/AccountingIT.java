package ai.oneflow.tests.dataplane;

import static ai.oneflow.tests.dataplane.MeteredCalls.CHAT;
import static ai.oneflow.tests.dataplane.MeteredCalls.MODEL;
import static ai.oneflow.tests.dataplane.MeteredCalls.STREAM;
import static ai.oneflow.tests.dataplane.MeteredCalls.assertFree;
import static ai.oneflow.tests.dataplane.MeteredCalls.assertPriced;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of docs/accounting.md that one gateway can show whose caller stays, each with its fault
/// injected.
@ExtendWith(LeakWatch.class)
class AccountingIT {
  @TempDir Path folder;
  private MeteredCalls calls;

  @BeforeEach
  void start() throws IOException {
    calls = MeteredCalls.start(folder);
  }

  @AfterEach
  void stop() throws IOException {
    calls.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void chargesByTheProvidersFigures(String stream) {
    calls.post("cached-tokens=3", stream);

    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.source()).isEqualTo("provider");
    assertThat(line.cached()).isEqualTo(3);
    assertThat(line.picoDollars())
        .isEqualTo(
            (line.input() - 3) * Configurations.INPUT_PICO_DOLLARS
                + 3 * Configurations.CACHED_PICO_DOLLARS
                + line.output() * Configurations.OUTPUT_PICO_DOLLARS);
    assertThat(line.output()).isEqualTo(calls.sent());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void estimatesWhereTheProviderGivesNoFigures(String stream) {
    HttpResponse<byte[]> answer = calls.post("usage=missing tokens=100", stream);

    assertThat(answer.statusCode()).isEqualTo(200);
    calls.assertEstimated(calls.line(), "completed", 200);
  }

  @Test
  void recordsNothingOfWhatWasRefused() throws IOException {
    calls
        .gateway()
        .configure(
            Configurations.limited(
                calls.provider().baseUrl(), MODEL, new RateLimit(0, Duration.ofHours(1))));

    assertThat(calls.post("", "").statusCode()).isEqualTo(429);
    calls.gateway().configure(withoutBudget());
    assertThat(calls.post("", "").statusCode()).isEqualTo(402);
    assertThat(calls.gateway().post(CHAT, "{\"model\":\"nobody\"}".getBytes(UTF_8)).statusCode())
        .isEqualTo(404);
    assertThat(calls.gateway().send(strangersRequest()).statusCode()).isEqualTo(401);

    assertThat(calls.provider().requests()).isEmpty();
    assertNothingRecordedBefore();
  }

  private GatewaySnapshot withoutBudget() {
    List<Entry> entries =
        Configurations.entries(calls.provider().baseUrl(), List.of(MODEL), List.of());
    BudgetEntry nothing =
        new BudgetEntry(
            0, BudgetEntry.Window.MONTH, "UTC", BudgetEntry.Action.HARD_STOP, "", List.of());
    entries.replaceAll(
        entry -> entry instanceof KeyEntry key ? Configurations.with(key, nothing) : entry);
    return GatewaySnapshot.of(entries);
  }

  private HttpRequest.Builder strangersRequest() {
    return calls
        .gateway()
        .request(CHAT, Configurations.KEY + "x")
        .POST(HttpRequest.BodyPublishers.ofString(MeteredCalls.body("", "")));
  }

  @Test
  void chargesTheWholeOnceWhereItsPartsAreLarger() {
    calls.post("prompt-tokens=5 cached-tokens=50 completion-tokens=7", "");

    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.source()).isEqualTo("provider");
    assertThat(line.chargeState()).isEqualTo("clamped");
    assertThat(line.picoDollars())
        .isEqualTo(5 * Configurations.CACHED_PICO_DOLLARS + 7 * Configurations.OUTPUT_PICO_DOLLARS);
  }

  @Test
  void refusesAModelWithoutPrice() throws IOException {
    calls.gateway().configure(unpriced(RouteEntry.Unpriced.REFUSE));

    assertThat(calls.post("", "").statusCode()).isEqualTo(503);

    assertThat(calls.provider().requests()).isEmpty();
    assertNothingRecordedBefore();
  }

  /// No answer of a chat is counted in images.
  @Test
  void refusesAModelThatHasPricesForOtherThingsThanItSells() throws IOException {
    calls.gateway().configure(calls.changed(Configurations::pricedByTheImage, route -> route));

    assertThat(calls.post("", "").statusCode()).isEqualTo(503);

    assertThat(calls.provider().requests()).isEmpty();
    assertNothingRecordedBefore();
  }

  @Test
  void recordsWhatItServesWithoutPrice() throws IOException {
    calls.gateway().configure(unpriced(RouteEntry.Unpriced.ALLOW_UNBILLED));

    assertThat(calls.post("", "").statusCode()).isEqualTo(200);

    Line line = calls.line();
    assertThat(line.chargeState()).isEqualTo("unpriced");
    assertThat(line.picoDollars()).isZero();
    assertThat(line.output()).isEqualTo(calls.sent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=500",
        "status=401",
        "status=403",
        "outcome=html",
        "outcome=reset at=before-headers",
        "outcome=garbage-events"
      })
  void chargesNothingForAProviderThatFailed(String script) {
    calls.post(script, STREAM);

    assertFree(calls.line(), "provider_failed");
  }

  @Test
  void chargesNothingForAProviderThatCannotBeReached() {
    calls
        .gateway()
        .configure(Configurations.of(URI.create("http://127.0.0.1:9/v1"), List.of(MODEL)));

    assertThat(calls.post("", "").statusCode()).isEqualTo(503);

    assertFree(calls.line(), "provider_failed");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 413, 422, 429})
  void chargesNothingForARequestThatTheProviderRefused(int status) {
    assertThat(calls.post("status=" + status, "").statusCode()).isEqualTo(status);

    Line line = calls.line();
    assertThat(line.status()).isEqualTo(status);
    assertFree(line, "provider_refused");
  }

  @Test
  void chargesNothingForAnErrorBeforeContent() throws IOException {
    calls.read("outcome=error-event after=1", STREAM);

    assertFree(calls.line(), "provider_failed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome=error-event after=60", "outcome=garbage-event after=60"})
  void chargesWhatHadPassedBeforeAnErrorEvent(String script) throws IOException {
    calls.read(script + " tokens=100", STREAM);

    Line line = calls.line();
    calls.assertEstimated(line, "provider_failed", line.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome=reset", "outcome=truncate", "outcome=half-stream"})
  void chargesWhatHadPassedOfATruncatedStream(String script) throws IOException {
    calls.read(script + " after=60 tokens=100", STREAM);

    Line line = calls.line();
    calls.assertEstimated(line, "provider_failed", line.status());
  }

  @Test
  void chargesNothingForHalfAnAnswer() {
    assertThat(calls.post("outcome=truncate", "").statusCode()).isBetween(500, 599);

    assertFree(calls.line(), "provider_failed");
  }

  @Test
  void chargesNothingForATimeOutBeforeContent() {
    calls.gateway().configure(impatient());

    assertThat(calls.post("outcome=stall at=before-headers", STREAM).statusCode()).isEqualTo(504);

    Line line = calls.line();
    assertThat(line.status()).isEqualTo(504);
    assertFree(line, "provider_failed");
  }

  @Test
  void chargesWhatHadPassedBeforeATimeOut() throws IOException {
    calls.gateway().configure(impatient());

    calls.read("outcome=stall after=60 tokens=100", STREAM);

    calls.assertEstimated(calls.line(), "provider_failed", 504);
  }

  @Test
  void endsAStreamThatWouldPassItsHold() {
    calls
        .gateway()
        .configure(
            calls.changed(provider -> Configurations.writingAtMost(provider, 20), route -> route));

    HttpResponse<byte[]> answer = calls.post("tokens=200", STREAM);

    String events = new String(answer.body(), UTF_8);
    assertThat(events).contains("\"finish_reason\":\"length\"").endsWith("data: [DONE]\n\n");
    assertThat(events.split("\"content\":\"", -1)).as("nothing passes beyond").hasSizeLessThan(23);
    Line line = calls.line();
    assertThat(line.output()).isLessThanOrEqualTo(20);
    assertThat(line.outcome()).isEqualTo("limit_reached");
    assertThat(line.source()).isEqualTo("estimated");
    assertPriced(line);
  }

  /// What was refused has no row: the first row is that of a request made afterwards.
  private void assertNothingRecordedBefore() {
    calls.gateway().configure(Configurations.of(calls.provider().baseUrl(), List.of(MODEL)));
    assertThat(calls.post("", "").statusCode()).isEqualTo(200);
    assertThat(calls.gateway().lines(1)).hasSize(1).allMatch(line -> line.status() == 200);
  }

  private GatewaySnapshot unpriced(RouteEntry.Unpriced unpriced) {
    return calls.changed(
        Configurations::withoutPrices, route -> Configurations.unpriced(route, unpriced));
  }

  private GatewaySnapshot impatient() {
    return calls.changed(
        _ ->
            Configurations.provider(
                calls.provider().baseUrl(), List.of(MODEL), Duration.ofMillis(500)),
        route -> route);
  }

  /// Of an earlier process there is as much as the journal may have, which SQL cannot take up.
  @Test
  void refusesWhatCouldNotBeRecorded() throws IOException {
    calls.post("", "");
    Path full = Files.createDirectory(folder.resolve("full"));
    try (Stream<Path> files = Files.list(folder.resolve("journal"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".journal")).toList()) {
        Path copy = Files.copy(file, full.resolve(file.getFileName()));
        try (RandomAccessFile longer = new RandomAccessFile(copy.toFile(), "rw")) {
          longer.setLength(1 << 30);
        }
      }
    }
    LedgerDatabase away = new LedgerDatabase("jdbc:postgresql://127.0.0.1:9/ledger", "o", "");
    GatewaySnapshot served = Configurations.of(calls.provider().baseUrl(), List.of(MODEL));

    try (GatewayUnderTest other =
        GatewayUnderTest.start(new LedgerOptions(away, full), "other", served)) {
      HttpResponse<byte[]> refused = other.post(CHAT, MeteredCalls.body("", "").getBytes(UTF_8));

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(new String(refused.body(), UTF_8)).contains("ledger_unavailable");
    }
    assertThat(calls.provider().requests()).hasSize(1);
  }
}
