package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.snapshot.QuotaEntry.OnUnavailable;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What a request is charged while its counters cannot be reached, and what they say later.
@ExtendWith(LeakWatch.class)
class RedisAwayIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gpt-4o";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private Simulator provider;
  private RedisServer redis;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(RedisProgram.any().isPresent(), "no Redis is installed");
    redis = RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, limited(OnUnavailable.DENY));
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      gateway.close();
      provider.close();
      redis.close();
    }
  }

  @Test
  void chargesAsEverWhatALimitLetsPassWhileRedisIsAway() throws IOException {
    gateway.configure(limited(OnUnavailable.ALLOW));
    redis.pause();

    assertThat(ask("tokens=7").statusCode()).isEqualTo(200);

    Line line = gateway.lines(1).getFirst();
    assertThat(line.outcome()).isEqualTo("completed");
    assertThat(line.source()).isEqualTo("provider");
    assertThat(line.output()).isEqualTo(7);
    assertThat(line.picoDollars())
        .isEqualTo(
            line.input() * Configurations.INPUT_PICO_DOLLARS
                + 7 * Configurations.OUTPUT_PICO_DOLLARS);
    redis.resume();
    awaitUsed(line.input() + 7);
  }

  @Test
  void chargesNothingForWhatALimitRefusesWhileRedisIsAway() throws IOException {
    redis.pause();

    HttpResponse<byte[]> refused = ask("tokens=7");

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(new String(refused.body(), UTF_8)).contains("limits_unavailable");
    assertThat(provider.requests()).isEmpty();
    redis.resume();
    awaitUsed(0);
    await().atMost(PATIENCE).until(() -> ask("tokens=5").statusCode() == 200);
    assertThat(gateway.lines(1)).hasSize(1).allMatch(line -> line.output() == 5);
  }

  @Test
  void tellsWhichLimitsItDoesNotKnowWhileRedisIsAway() throws IOException {
    redis.pause();

    await().atMost(PATIENCE).until(() -> limit("tokens").get("used").isNull());

    JsonNode unknown = limit("tokens");
    assertThat(unknown.get("limit").asLong()).isEqualTo(1_000_000);
    assertThat(unknown.get("remaining").isNull()).isTrue();
    assertThat(unknown.get("reset_seconds").isNull()).isTrue();
    redis.resume();
    awaitUsed(0);
  }

  @Test
  void countersCatchUpOnWhatEndedWhileRedisWasAway() throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        CompletableFuture.supplyAsync(() -> ask("tokens=30 gap=20ms"), Thread::startVirtualThread);
    await().atMost(PATIENCE).until(() -> !provider.requests().isEmpty());

    redis.pause();

    assertThat(answer.join().statusCode()).isEqualTo(200);
    Line line = gateway.lines(1).getFirst();
    assertThat(line.output()).isEqualTo(30);
    redis.resume();
    awaitUsed(line.input() + 30);
  }

  /// Else as many again would be let in beside them.
  @Test
  void countsWhatIsUnderWayOnceRedisIsBack() throws IOException {
    gateway.configure(
        limited(List.of(new RateLimit(10, Duration.ofHours(1))), OnUnavailable.LOCAL_SHARE));
    redis.pause();
    List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      answers.add(
          CompletableFuture.supplyAsync(
              () -> ask("tokens=400 gap=20ms"), Thread::startVirtualThread));
    }
    await().atMost(PATIENCE).until(() -> provider.requests().size() == 5);

    redis.resume();

    awaitUsed("requests", 5);
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    awaitUsed("requests", 5);
  }

  @Test
  void givesBackWhatWasHeldForACallerWhoLeftEarly() throws IOException {
    redis.pause();

    askAndLeave();
    redis.resume();

    awaitUsed(0);
    assertThat(provider.requests()).isEmpty();
    await().atMost(PATIENCE).until(() -> ask("tokens=5").statusCode() == 200);
    await().atMost(PATIENCE).untilAsserted(this::onlyTheSecondIsCharged);
  }

  @Test
  void eachGatewayServesItsPartOfAWindowWhileRedisIsAway() throws IOException {
    GatewaySnapshot ten =
        limited(List.of(new RateLimit(10, Duration.ofHours(1))), OnUnavailable.LOCAL_SHARE);
    gateway.configure(ten);
    try (GatewayUnderTest other = GatewayUnderTest.start(folder.resolve("other"), "other", ten)) {
      awaitThatItKnowsOfTheOther(gateway);
      awaitThatItKnowsOfTheOther(other);
      redis.pause();

      assertThat(servedUntilRefused(gateway)).isEqualTo(5);
      assertThat(servedUntilRefused(other)).isEqualTo(5);

      redis.resume();
      awaitUsed("requests", 10);
      assertThat(ask("tokens=5").statusCode()).isEqualTo(429);
    }
  }

  /// They say once a second that they live, and hear of the others.
  private static void awaitThatItKnowsOfTheOther(GatewayUnderTest one) {
    double before = one.metric("oneflow_redis_calls_total");
    await().atMost(PATIENCE).until(() -> one.metric("oneflow_redis_calls_total") > before + 1);
  }

  private static int servedUntilRefused(GatewayUnderTest one) {
    byte[] body = body("tokens=5").getBytes(US_ASCII);
    int served = 0;
    while (served < 20 && one.post("/v1/chat/completions", body).statusCode() == 200) {
      served++;
    }
    return served;
  }

  /// The first may have been decided without Redis before it was seen that its caller had left.
  private void onlyTheSecondIsCharged() {
    assertThat(gateway.lines(1))
        .filteredOn(line -> !line.outcome().equals("caller_gone") || line.picoDollars() > 0)
        .singleElement()
        .matches(line -> line.output() == 5);
  }

  /// Before Redis has said whether the request may go on.
  private void askAndLeave() throws IOException {
    String body = body("tokens=7");
    String head =
        String.join(
            "\r\n",
            "POST /v1/chat/completions HTTP/1.1",
            "host: x",
            "authorization: Bearer " + Configurations.KEY,
            "content-length: " + body.length(),
            "",
            "");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.getOutputStream().write((head + body).getBytes(US_ASCII));
      socket.setSoLinger(true, 0);
    }
  }

  private HttpResponse<byte[]> ask(String script) {
    return gateway.post("/v1/chat/completions", body(script).getBytes(US_ASCII));
  }

  private static String body(String script) {
    return """
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50,
         "user": "sim %s"}"""
        .formatted(script);
  }

  /// Until the limit on tokens has so much used.
  private void awaitUsed(long tokens) {
    awaitUsed("tokens", tokens);
  }

  private void awaitUsed(String unit, long amount) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .untilAsserted(() -> assertThat(used(unit)).isEqualTo(Optional.of(amount)));
  }

  /// Empty while nobody knows.
  private Optional<Long> used(String unit) throws IOException {
    JsonNode used = limit(unit).get("used");
    return used.isNull() ? Optional.empty() : Optional.of(used.asLong());
  }

  /// As the caller is told.
  private JsonNode limit(String unit) throws IOException {
    HttpResponse<byte[]> answer =
        gateway.send(gateway.request("/v1/usage", Configurations.KEY).GET());
    assertThat(answer.statusCode()).isEqualTo(200);
    for (JsonNode limit : JSON.readTree(answer.body()).get("limits")) {
      if (limit.get("unit").asText().equals(unit)) {
        return limit;
      }
    }
    throw new AssertionError("no limit on " + unit);
  }

  /// A million tokens an hour, each request asked about.
  private GatewaySnapshot limited(OnUnavailable whenAway) {
    return limited(List.of(), whenAway);
  }

  /// The same, and these on requests.
  private GatewaySnapshot limited(List<RateLimit> requests, OnUnavailable whenAway) {
    RedisEntry counters =
        new RedisEntry(redis.url().toString(), Optional.empty(), false, RedisEntry.Admission.EXACT);
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    entries.replaceAll(
        entry ->
            entry instanceof GatewayEntry asWritten
                ? Configurations.with(asWritten, counters)
                : entry);
    entries.add(
        new QuotaEntry(
            "ai",
            "tokens",
            1,
            Map.of("user", "*"),
            requests,
            List.of(new RateLimit(1_000_000, Duration.ofHours(1))),
            List.of(),
            List.of(),
            whenAway,
            false));
    return GatewaySnapshot.of(entries);
  }
}
