package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Retry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import ai.oneflow.snapshot.RouteEntry.Unpriced;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Attempt;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One public model on two providers, of which the first fails: what the caller, the ledger and the
/// providers see of it.
@ExtendWith(LeakWatch.class)
class AttemptsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String STREAM = ",\"stream\":true";
  private static final Retry QUICK = new Retry(3, Duration.ofMillis(1), Duration.ofSeconds(2), 20);

  /// Pico-dollars a token, of the first and of the second provider.
  private static final long CHEAP = 1_000_000;

  private static final long DEAR = 3_000_000;

  @TempDir Path folder;
  private Simulator first;
  private Simulator second;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    first = Simulator.start(SimulatorOptions.defaults());
    second = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, snapshot(QUICK, "first", "second"));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    second.close();
    first.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=500",
        "status=502 body='<html>'",
        "status=529",
        "status=429 retry-after=20",
        "status=401",
        "status=403",
        "status=402",
        "status=408",
        "outcome=html",
        "outcome=reset at=before-headers",
        "outcome=reset at=after-headers",
        "outcome=stall at=before-headers",
        "outcome=truncate after=1",
        "outcome=garbage-event after=1",
        "outcome=error-event after=1",
        "outcome=half-stream after=1",
        "outcome=stall after=1",
        "outcome=bad-chunk after=1",
        "outcome=huge-headers"
      })
  void anotherProviderAnswersInThePlaceOfOneThatFails(String fault) throws IOException {
    script(first, fault);

    HttpResponse<byte[]> answer = post(STREAM);

    assertAnsweredBySecond(answer);
    assertThat(new String(answer.body(), UTF_8)).endsWith("data: [DONE]\n\n");
    assertThat(second.requests()).hasSize(1);
    assertThat(first.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status=503",
        "outcome=truncate",
        "outcome=reset",
        "outcome=stall",
        "body='{\"error\":{\"message\":\"busy\"}}' status=200"
      })
  void anotherProviderAnswersInThePlaceOfHalfAnAnswer(String fault) throws IOException {
    script(first, fault);

    HttpResponse<byte[]> answer = post("");

    assertAnsweredBySecond(answer);
    assertThat(JSON.readTree(answer.body()).at("/choices/0/message/content").asText()).isNotEmpty();
  }

  private void assertAnsweredBySecond(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/second");
    assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("2");
    Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.picoDollars()).isEqualTo(DEAR * (line.input() + line.output()));
    assertThat(gateway.attempts())
        .singleElement()
        .extracting(Attempt::provider, Attempt::ordinal)
        .containsExactly("first", 1);
  }

  @ParameterizedTest
  @CsvSource({
    "status=500, provider_failed, false",
    "status=429 retry-after=9, provider_refused, false",
    "outcome=stall at=before-headers, provider_failed, true",
    "outcome=truncate, provider_failed, true"
  })
  void listsWhatAFailedAttemptProbablyCost(String fault, String outcome, boolean costs) {
    script(first, fault);

    post("");

    gateway.lines(1);
    Attempt attempt = gateway.attempts().getFirst();
    assertThat(attempt.outcome()).isEqualTo(outcome);
    assertThat(attempt.probablePicoDollars() > 0).isEqualTo(costs);
    assertThat(attempt.probablePicoDollars() % CHEAP).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"status=400", "status=404", "status=422"})
  void whatTheCallerDidWrongIsTriedOnce(String fault) {
    script(first, fault);

    for (int i = 0; i < 6; i++) {
      HttpResponse<byte[]> answer = post("");
      assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/first");
      assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("1");
    }

    assertThat(second.requests()).isEmpty();
    assertThat(gateway.lines(6)).extracting(Line::outcome).containsOnly("provider_refused");
  }

  /// As a proxy before the provider does with a body that is too long for it.
  @Test
  void whatTheCallerDidWrongCountsForNobodyElseThoughItIsNotToldInJson() throws IOException {
    script(first, "status=413 content-type=text/html body='<html>too large, of nginx</html>'");
    for (int i = 0; i < 6; i++) {
      HttpResponse<byte[]> answer = post(i % 2 == 0 ? STREAM : "");
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("1");
      assertThat(JSON.readTree(answer.body()).at("/error/code").asText())
          .isEqualTo("provider_refused");
      assertThat(new String(answer.body(), UTF_8)).doesNotContain("nginx");
    }
    assertThat(second.requests()).isEmpty();
    script(first, "");

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/first");
    List<Line> lines = gateway.lines(7);
    assertThat(lines.stream().filter(line -> line.outcome().equals("provider_refused")))
        .hasSize(6)
        .allMatch(line -> line.picoDollars() == 0);
  }

  @Test
  void nothingIsTriedOnceTheCallerHasContent() throws IOException {
    script(first, "outcome=error-event after=30 tokens=60");

    assertThatThrownBy(() -> post(STREAM)).hasCauseInstanceOf(IOException.class);

    assertThat(second.requests()).isEmpty();
    assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("provider_failed");
  }

  @Test
  void theErrorListsAllAttempts() throws IOException {
    script(first, "status=500 body='secret of the provider'");
    script(second, "outcome=reset at=before-headers");

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("3");
    assertThat(JSON.readTree(answer.body()).at("/error/code").asText()).isEqualTo("provider_error");
    assertThat(JSON.readTree(answer.body()).at("/error/message").asText())
        .startsWith(
            "All 3 attempts failed. 1. ai/first gpt-4o: The provider answered with status 500."
                + " 2. ai/second gpt-4o: The provider failed: ")
        .endsWith("3. ai/first gpt-4o: The provider answered with status 500.")
        .doesNotContain("secret");
    assertThat(gateway.lines(1)).singleElement().extracting(Line::picoDollars).isEqualTo(0L);
    assertThat(gateway.attempts()).extracting(Attempt::provider).containsExactly("first", "second");
  }

  @Test
  void aProviderWhoseLimitIsUsedUpIsLeftAloneForAsLongAsItSays() throws IOException {
    script(first, "status=429 retry-after=30");
    post("");
    post("");
    assertThat(first.requests()).hasSize(1);

    script(second, "status=429 retry-after=20");
    HttpResponse<byte[]> both = post("");
    HttpResponse<byte[]> none = post("");

    assertThat(both.statusCode()).isEqualTo(429);
    assertThat(none.statusCode()).isEqualTo(429);
    assertThat(JSON.readTree(none.body()).at("/error/code").asText())
        .isEqualTo("provider_rate_limited");
    assertThat(Long.parseLong(none.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(18L, 20L);
    assertThat(gateway.lines(3)).hasSize(3);
  }

  @Test
  void aProviderThatFailsFiveTimesIsAskedNoMore() {
    script(first, "status=500");
    for (int i = 0; i < 9; i++) {
      assertThat(post("").statusCode()).isEqualTo(200);
    }

    assertThat(first.requests()).hasSize(5);
    assertThat(second.requests()).hasSize(9);
  }

  @Test
  void aRequestsOwnRetriesOpenNoBreaker() {
    gateway.configure(snapshot(new Retry(10, Duration.ZERO, Duration.ZERO, 100), "first"));
    script(first, "status=500");

    assertThat(post("").headers().firstValue("oneflow-attempts")).hasValue("10");
    script(first, "");

    assertThat(post("").statusCode()).isEqualTo(200);
  }

  @Test
  void theSameProviderIsAskedAgainAfterAPause() throws IOException {
    gateway.configure(snapshot(QUICK, "first"));
    script(first, "status=503 retry-after=1");
    long begin = System.nanoTime();
    Thread.startVirtualThread(
        () -> {
          await().until(() -> first.requests().size() == 1);
          script(first, "");
        });

    HttpResponse<byte[]> answer = post("");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-attempts")).hasValue("2");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void aCallerWhoLeavesDuringAPauseEndsIt() throws IOException {
    gateway.configure(snapshot(new Retry(3, QUICK.maxDelay(), QUICK.maxDelay(), 20), "first"));
    script(first, "status=503 retry-after=2");
    try (Socket socket = gateway.open(body(""))) {
      assertThat(socket.isConnected()).isTrue();
      await().until(() -> first.requests().size() == 1);
    }

    Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("caller_gone");
    assertThat(line.picoDollars()).isZero();
    assertThat(first.requests()).hasSize(1);
  }

  private HttpResponse<byte[]> post(String more) {
    return gateway.post(CHAT, body(more).getBytes(UTF_8));
  }

  private static String body(String more) {
    return "{\"model\":\"smart\",\"max_tokens\":100,\"messages\":"
        + "[{\"role\":\"user\",\"content\":\"Hello there, how are you?\"}]"
        + more
        + "}";
  }

  private GatewaySnapshot snapshot(Retry retry, String... providers) {
    return GatewaySnapshot.of(entries(retry, providers));
  }

  private List<Entry> entries(Retry retry, String... providers) {
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    List<RouteEntry.Target> targets = new ArrayList<>();
    for (String provider : providers) {
      Simulator at = provider.equals("first") ? first : second;
      entries.add(provider(provider, at.baseUrl(), provider.equals("first") ? CHEAP : DEAR));
      targets.add(new RouteEntry.Target("ai", provider, "gpt-4o", 1, targets.size()));
    }
    entries.add(
        new RouteEntry(
            "ai",
            "smart",
            1,
            List.of("smart"),
            targets,
            RouteEntry.Selection.by(Strategy.PRIORITY, Unpriced.REFUSE),
            retry,
            false));
    return entries;
  }

  private static ProviderEntry provider(String name, URI endpoint, long price) {
    return Configurations.withBreaker(
        Configurations.provider(
            name, endpoint, List.of(Configurations.model("gpt-4o", price)), Duration.ofSeconds(1)));
  }

  /// From now on it answers so; empty: as a provider should.
  private static void script(Simulator provider, String words) {
    provider.clearScripts();
    if (!words.isEmpty()) {
      provider.script(0, words);
    }
  }
}
