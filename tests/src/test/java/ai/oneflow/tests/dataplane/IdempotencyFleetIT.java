package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.idempotency.Replays;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.RedisEntry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A request that is made again at another gateway than the first time.
@ExtendWith(LeakWatch.class)
class IdempotencyFleetIT {
  private static final String STREAM = ",\"stream\":true";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private RedisServer redis;
  private Simulator provider;
  private GatewayUnderTest one;
  private GatewayUnderTest two;

  @BeforeEach
  void start() throws IOException {
    assumeTrue(RedisProgram.any().isPresent(), "no Redis is installed");
    redis = RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
    provider = Simulator.start(SimulatorOptions.defaults());
    one = GatewayUnderTest.start(folder.resolve("one"), "one", shared());
    two = GatewayUnderTest.start(folder.resolve("two"), "two", shared());
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      redis.resume();
      one.close();
      two.close();
      provider.close();
      redis.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void givesTheAnswerOfOneGatewayAgainAtAnother(String stream) {
    HttpResponse<byte[]> first = askUntilReachable(one, body("tokens=20", stream));

    HttpResponse<byte[]> again = askUntilReachable(two, body("tokens=20", stream));

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("content-type"))
        .isEqualTo(first.headers().firstValue("content-type"));
    assertThat(replayed(again)).isTrue();
    assertThat(provider.requests()).hasSize(1);
    assertThat(askUntilReachable(two, body("tokens=21", stream)).statusCode()).isEqualTo(422);
    assertThat(two.post("/v1/chat/completions", body("", "").getBytes(UTF_8)).statusCode())
        .isEqualTo(200);
    assertThat(two.lines(1)).as("of the request without a name").hasSize(1);
  }

  @Test
  void callsTheProviderOnceForDuplicatesAtOnceOverTwoGateways() {
    awaitReachable();
    List<CompletableFuture<HttpResponse<byte[]>>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      GatewayUnderTest gateway = i % 2 == 0 ? one : two;
      all.add(
          CompletableFuture.supplyAsync(
              () -> ask(gateway, "name", body("tokens=30 gap=20ms", STREAM)),
              Thread::startVirtualThread));
    }

    List<HttpResponse<byte[]>> answers = all.stream().map(CompletableFuture::join).toList();

    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    assertThat(answers).filteredOn(answer -> !replayed(answer)).hasSize(1);
    byte[] bytes = answers.getFirst().body();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.body()).isEqualTo(bytes));
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void servesAnewWhatDiedWithItsGateway() throws Exception {
    awaitReachable();
    String body = body("tokens=60 gap=20ms", STREAM);
    CompletableFuture<HttpResponse<byte[]>> broken =
        CompletableFuture.supplyAsync(() -> ask(one, "name", body), Thread::startVirtualThread);
    await().atMost(PATIENCE).until(() -> !provider.requests().isEmpty());
    CompletableFuture<HttpResponse<byte[]>> waiting =
        CompletableFuture.supplyAsync(() -> ask(two, "name", body), Thread::startVirtualThread);
    String fence = redis.ask("HGET", key(), "fence");
    one.close();
    assertThat(broken).failsWithin(PATIENCE);
    if (redis.ask("HGET", key(), "fence").equals(fence)) {
      redis.ask("PEXPIRE", key(), Long.toString(Replays.LEASE_MILLIS / 100));
    }

    assertThat(waiting.join().statusCode()).isEqualTo(200);
    assertThat(replayed(waiting.join())).isFalse();
    assertThat(provider.requests()).hasSize(2);
    one = GatewayUnderTest.start(folder.resolve("one"), "one", shared());
  }

  @Test
  void refusesWhatMightBeChargedTwiceWhileRedisIsAway() {
    awaitReachable();
    redis.pause();

    HttpResponse<byte[]> refused = ask(one, "name", body("", ""));

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(new String(refused.body(), UTF_8)).contains("idempotency_unavailable");
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(provider.requests()).isEmpty();
    redis.resume();
    assertThat(askUntilReachable(one, body("", "")).statusCode()).isEqualTo(200);
  }

  private String key() throws IOException {
    return redis.ask("KEYS", "oneflow:ai/main:request:*");
  }

  private void awaitReachable() {
    for (GatewayUnderTest gateway : List.of(one, two)) {
      await()
          .atMost(PATIENCE)
          .until(() -> ask(gateway, "other", "{\"model\":\"nobody\"}").statusCode() == 404);
    }
  }

  private HttpResponse<byte[]> askUntilReachable(GatewayUnderTest gateway, String body) {
    return await()
        .atMost(PATIENCE)
        .until(() -> ask(gateway, "name", body), answer -> answer.statusCode() != 503);
  }

  private static HttpResponse<byte[]> ask(GatewayUnderTest gateway, String name, String body) {
    return gateway.send(
        gateway
            .request("/v1/chat/completions", Configurations.KEY)
            .timeout(Duration.ofSeconds(60))
            .header("Idempotency-Key", name)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static boolean replayed(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("idempotent-replayed").isPresent();
  }

  private static String body(String script, String more) {
    return """
        {"model":"gpt-4o","messages":[{"role":"user","content":"hi"}],"user":"sim %s"%s}"""
        .formatted(script, more);
  }

  private GatewaySnapshot shared() {
    RedisEntry there =
        new RedisEntry(
            redis.url().toString(), Optional.empty(), false, RedisEntry.Admission.SHARES);
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of("gpt-4o"), List.of()));
    entries.replaceAll(
        entry ->
            entry instanceof GatewayEntry asWritten
                ? Configurations.with(asWritten, there)
                : entry);
    return GatewaySnapshot.of(entries);
  }
}
