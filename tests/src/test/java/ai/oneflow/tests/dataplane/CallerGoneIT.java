package ai.oneflow.tests.dataplane;

import static ai.oneflow.tests.dataplane.MeteredCalls.CHAT;
import static ai.oneflow.tests.dataplane.MeteredCalls.MODEL;
import static ai.oneflow.tests.dataplane.MeteredCalls.STREAM;
import static ai.oneflow.tests.dataplane.MeteredCalls.assertFree;
import static ai.oneflow.tests.dataplane.MeteredCalls.assertPriced;
import static ai.oneflow.tests.dataplane.MeteredCalls.body;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.QuotaEntry.OnUnavailable;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rows of docs/accounting.md of callers who leave.
@ExtendWith(LeakWatch.class)
class CallerGoneIT {
  private static final String LONG =
      "{\"model\":\""
          + MODEL
          + "\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\""
          + "word ".repeat(20_000)
          + "\"}]}";

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

  @Test
  void chargesThePromptOfACallerWhoLeft() throws IOException {
    calls.callAndLeave(body("outcome=stall at=before-headers", STREAM), 0);

    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.source()).isEqualTo("estimated");
    assertThat(line.input()).isPositive();
    assertThat(line.output()).isZero();
    assertPriced(line);
  }

  @Test
  void chargesWhatHadPassedWhenTheCallerLeft() throws IOException {
    calls.callAndLeave(body("tokens=200 gap=20ms", STREAM), 4_000);

    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.status()).isZero();
    assertThat(line.source()).isEqualTo("estimated");
    assertPriced(line);
    await()
        .untilAsserted(
            () ->
                assertThat(calls.note().produced().state())
                    .as("the provider's call is cancelled")
                    .isEqualTo(ReceivedRequest.State.CALLER_LEFT));
    assertThat(line.output()).isBetween(calls.sent() / 3, calls.sent() * 3);
    assertThat(calls.sent()).isLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({"tokens=200 gap=5ms,true,4000", "tokens=40 gap=5ms,true,0", "gap=10ms,false,0"})
  void readsOnForTheFiguresOfACallerWhoLeft(String script, boolean stream, int bytes)
      throws IOException {
    calls.gateway().configure(readingOn());

    calls.callAndLeave(body(script, stream ? STREAM : ""), bytes);

    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.status()).isZero();
    assertThat(line.source()).isEqualTo("provider");
    assertThat(calls.note().produced().state()).isEqualTo(ReceivedRequest.State.COMPLETE);
    assertThat(line.output()).isEqualTo(calls.sent());
    assertPriced(line);
  }

  @Test
  void readsNoFurtherThanIsWorthIt() throws IOException {
    calls
        .gateway()
        .configure(
            calls.changed(
                provider -> Configurations.writingAtMost(provider, 1_000_000),
                Configurations::readingOn));

    calls.callAndLeave(body("tokens=100000 gap=0ms", STREAM), 4_000);

    assertThat(assertGivenUp().output()).isLessThan(100_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"outcome=reset", "outcome=truncate", "outcome=error-event"})
  void chargesWhatAProviderProducedThatFailsWhenTheCallerHasLeft(String script) throws IOException {
    calls.gateway().configure(readingOn());

    calls.callAndLeave(body(script + " after=60 tokens=100 gap=10ms", STREAM), 2_000);

    calls.assertEstimated(calls.line(), "provider_failed", 0);
  }

  @Test
  void chargesNothingForHalfAnAnswerThoughTheCallerHasLeft() throws IOException {
    calls.gateway().configure(readingOn());

    calls.callAndLeave(body("outcome=truncate gap=10ms", ""), 0);

    Line line = calls.line();
    assertThat(line.status()).isZero();
    assertFree(line, "provider_failed");
  }

  @Test
  void readsOnForNobodyWhenItEnds() throws IOException {
    calls.gateway().configure(readingOn());
    calls.callAndLeave(body("tokens=400 gap=50ms", STREAM), 4_000);
    await("reading on, through several gaps")
        .during(Duration.ofMillis(300))
        .until(() -> calls.note().produced().state() == ReceivedRequest.State.RUNNING);

    calls.restart(readingOn());

    assertThat(assertGivenUp().output()).isLessThan(400);
  }

  /// As a caller's leaving ends where nothing is read on for it, only later.
  private Line assertGivenUp() {
    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.status()).isZero();
    assertThat(line.source()).isEqualTo("estimated");
    assertPriced(line);
    await("the provider's call is cancelled")
        .until(() -> calls.note().produced().state() == ReceivedRequest.State.CALLER_LEFT);
    return line;
  }

  private GatewaySnapshot readingOn() {
    return calls.changed(provider -> provider, Configurations::readingOn);
  }

  /// As SDKs do when they read of it.
  @Test
  void chargesNothingToACallerWhoLeavesOverAnErrorBeforeContent() throws IOException {
    try (Socket socket = calls.gateway().open(body("outcome=error-event after=1 gap=5s", STREAM))) {
      StringBuilder read = new StringBuilder();
      while (read.indexOf("\"error\"") < 0) {
        read.append((char) socket.getInputStream().read());
      }
    }

    assertFree(calls.line(), "provider_failed");
  }

  /// The prompts fit their limit once a tokenizer has counted them, one after the other, which
  /// takes longer than to hang up.
  @Test
  void givesBackWhatIsGrantedToACallerWhoHasLeft() throws IOException {
    calls.gateway().configure(tokensAnHour(60_000));
    try (Socket socket = calls.gateway().open(LONG)) {
      assertThat(socket.isConnected()).isTrue();
    }

    HttpResponse<byte[]> answer = calls.gateway().post(CHAT, LONG.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(200);
    Line line = calls.line();
    assertThat(line.outcome()).isEqualTo("completed");
    await()
        .untilAsserted(
            () ->
                assertThat(calls.gateway().used("tokens")).hasValue(line.input() + line.output()));
    assertThat(calls.provider().requests()).as("of the one that stayed").hasSize(1);
  }

  private GatewaySnapshot tokensAnHour(long tokens) {
    List<Entry> entries =
        Configurations.entries(calls.provider().baseUrl(), List.of(MODEL), List.of());
    entries.add(
        new QuotaEntry(
            "ai",
            "tokens",
            1,
            Map.of("user", "*"),
            List.of(),
            List.of(new RateLimit(tokens, Duration.ofHours(1))),
            List.of(),
            List.of(),
            OnUnavailable.DENY,
            false));
    return GatewaySnapshot.of(entries);
  }
}
