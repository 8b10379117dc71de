package ai.oneflow.tests.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.ReceivedRequest;
import ai.oneflow.simulator.Usage;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From `kubectl apply -f examples/quickstart` to a billed answer. Each test has an ApiKey of its
/// own, so that the lines of its calls can be told from the others'.
class QuickstartIT {
  private static final int CACHED_TOKENS = 4;

  @TempDir static Path folder;
  private static @Nullable Quickstart started;

  @BeforeAll
  static void start() throws IOException {
    started = Quickstart.start(folder);
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
  }

  @BeforeEach
  void forgetEarlierRequests() {
    quickstart().provider().clearScripts();
    quickstart().provider().script(0, "cached-tokens=" + CACHED_TOKENS);
    quickstart().provider().clearRequests();
  }

  private static Quickstart quickstart() {
    return Objects.requireNonNull(started, "started before all tests");
  }

  @Test
  void whatTheOfficialSdkCallsIsBilledToThePicoDollar() throws IOException {
    PythonSdk sdk = PythonSdk.orSkip();
    String key = quickstart().key("alice");
    for (GatewayProcess gateway : quickstart().gateways()) {
      quickstart().provider().clearRequests();

      JsonNode calls = sdk.callEverything(gateway.baseUrl(), key);

      mustBeAnswered(calls);
      List<Usage> billed = quickstart().provider().requests().stream().map(this::usage).toList();
      assertThat(billed).hasSize(4);
      mustSaySo(calls, billed);
      assertThat(gateway.ledger().lines("alice", 4))
          .containsExactly(
              chatLine(billed.get(0), false),
              chatLine(billed.get(1), true),
              chatLine(billed.get(2), true),
              new Ledger.Line(
                  "embeddings",
                  "text-embedding-3-small",
                  "completed",
                  200,
                  false,
                  "priced",
                  Quickstart.embeddingPicoDollars(billed.get(3))));
    }
  }

  private Usage usage(ReceivedRequest request) {
    return request.produced().usage();
  }

  private static Ledger.Line chatLine(Usage usage, boolean streamed) {
    return new Ledger.Line(
        "chat.completions",
        "gpt-4o",
        "completed",
        200,
        streamed,
        "priced",
        Quickstart.chatPicoDollars(usage));
  }

  private static void mustBeAnswered(JsonNode calls) {
    assertThat(calls.fieldNames())
        .toIterable()
        .containsExactly(
            "chat",
            "stream",
            "stream with usage",
            "embeddings",
            "wrong key",
            "unknown model",
            "models");
    assertThat(Stream.of("chat", "stream", "stream with usage"))
        .allSatisfy(call -> assertThat(calls.path(call).path("text").asText()).isNotBlank());
    assertThat(calls.path("embeddings").path("vectors").asInt()).isEqualTo(2);
    assertThat(refusal(calls.path("wrong key")))
        .isEqualTo("AuthenticationError 401 invalid_api_key");
    assertThat(refusal(calls.path("unknown model"))).isEqualTo("NotFoundError 404 model_not_found");
    assertThat(calls.path("models").path("ids"))
        .extracting(JsonNode::asText)
        .containsExactly("gpt-4o", "text-embedding-3-small");
  }

  private static String refusal(JsonNode call) {
    return "%s %d %s"
        .formatted(
            call.path("error").asText(), call.path("status").asInt(), call.path("code").asText());
  }

  /// The SDK saw the figures that the provider bills by, and none where it had not asked.
  private static void mustSaySo(JsonNode calls, List<Usage> billed) {
    assertThat(calls.path("stream").path("usage").isNull()).isTrue();
    assertThat(calls.path("stream").path("chunks_without_choices").asInt()).isZero();
    mustSaySo(calls.path("chat"), billed.get(0));
    mustSaySo(calls.path("stream with usage"), billed.get(2));
    assertThat(calls.path("embeddings").path("usage").path("prompt_tokens").asInt())
        .isPositive()
        .isEqualTo(billed.get(3).promptTokens());
  }

  private static void mustSaySo(JsonNode call, Usage billed) {
    JsonNode usage = call.path("usage");
    Usage seen =
        new Usage(
            usage.path("prompt_tokens").asInt(),
            usage.path("completion_tokens").asInt(),
            usage.path("prompt_tokens_details").path("cached_tokens").asInt(),
            usage.path("completion_tokens_details").path("reasoning_tokens").asInt());
    assertThat(seen).isEqualTo(billed);
    assertThat(seen.cachedTokens()).isEqualTo(CACHED_TOKENS);
  }

  @Test
  void aRotatedProviderSecretIsInUseWithNoRestartAndNoFailedCall() throws IOException {
    String key = quickstart().mint("rotation");
    String fresh = "rotated-" + System.nanoTime();
    quickstart().provider().acceptKeys(Set.of(Quickstart.PROVIDER_KEY, fresh));
    long asked = System.nanoTime();
    quickstart()
        .kubectl(
            "patch",
            "secret",
            "openai",
            "--type=merge",
            "-p",
            "{\"stringData\":{\"api-key\":\"" + fresh + "\"}}");
    long returned = System.nanoTime();
    for (GatewayProcess gateway : quickstart().gateways()) {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> providerKeyHash(gateway, key), ReceivedRequest.keyHashOf(fresh)::equals);
    }
    say("the rotated Secret is in use", asked, returned, System.nanoTime());

    quickstart().provider().acceptKeys(Set.of(fresh));

    for (GatewayProcess gateway : quickstart().gateways()) {
      assertThat(gateway.chat(key).statusCode()).isEqualTo(200);
      assertThat(gateway.isAlive()).isTrue();
      assertThat(gateway.log()).doesNotContain(fresh).doesNotContain(key);
    }
    mustBeBilled("rotation", quickstart().provider().requests());
  }

  private static String providerKeyHash(GatewayProcess gateway, String key) throws IOException {
    HttpResponse<String> answer = gateway.chat(key);
    if (answer.statusCode() != 200) {
      throw new AssertionError("a call failed meanwhile: " + answer.body());
    }
    return quickstart().provider().requests().getLast().keyHash();
  }

  /// One line a request in one of the ledgers, and together what the provider's figures come to.
  private void mustBeBilled(String key, List<ReceivedRequest> requests) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        quickstart().gateways().stream()
                            .flatMap(gateway -> gateway.ledger().lines(key, 1).stream()))
                    .containsExactlyInAnyOrderElementsOf(
                        requests.stream()
                            .map(request -> chatLine(usage(request), false))
                            .toList()));
  }

  @Test
  void aSuspendedKeyIsRefusedByBothGatewaysUntilItIsNoLonger() throws IOException {
    String key = quickstart().mint("suspension");
    mustAnswer(key, 200);

    timed("the suspended key is refused", new Seen(key, 403), suspension("true"));

    for (GatewayProcess gateway : quickstart().gateways()) {
      HttpResponse<String> answer = gateway.chat(key);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("api_key_suspended").doesNotContain(key);
    }
    timed("the key is served again", new Seen(key, 200), suspension("false"));
    mustAnswer(key, 200);
  }

  private static String[] suspension(String suspended) {
    String patch = "{\"spec\":{\"suspended\":" + suspended + "}}";
    return new String[] {"patch", "apikey", "suspension", "--type=merge", "-p", patch};
  }

  @Test
  void aDeletedKeyIsRefusedByBothGateways() throws IOException {
    String key = quickstart().mint("deletion");
    String other = quickstart().mint("bystander");
    mustAnswer(key, 200);

    timed(
        "the deleted key is refused",
        new Seen(key, 401),
        "delete",
        "apikey",
        "deletion",
        "--wait=false");

    mustAnswer(key, 401);
    mustAnswer(other, 200);
  }

  private static void mustAnswer(String key, int status) throws IOException {
    for (GatewayProcess gateway : quickstart().gateways()) {
      assertThat(gateway.chat(key).statusCode()).isEqualTo(status);
    }
  }

  private record Seen(String key, int status) {}

  /// Runs kubectl and waits until callers of every gateway see its effect.
  private static void timed(String what, Seen effect, String... kubectl) {
    List<CompletableFuture<Long>> seen =
        quickstart().gateways().stream()
            .map(gateway -> gateway.whenAnswering(effect.key(), effect.status()))
            .toList();
    long asked = System.nanoTime();
    quickstart().kubectl(kubectl);
    long returned = System.nanoTime();
    long last = seen.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
    say(what, asked, returned, last);
    assertThat(Duration.ofNanos(last - returned)).isLessThan(Duration.ofSeconds(5));
  }

  /// Times differ from machine to machine, so they are printed and only bounded.
  private static void say(String what, long asked, long returned, long seen) {
    System.out.printf(
        "%s by the last gateway %d ms after kubectl was started, %d ms after it returned%n",
        what,
        TimeUnit.NANOSECONDS.toMillis(seen - asked),
        TimeUnit.NANOSECONDS.toMillis(seen - returned));
  }
}
