package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.RateLimit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One request after the other through a gateway to a stand-in for a provider, honest or not.
@ExtendWith(LeakWatch.class)
class ExchangeIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gpt-4o";

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway =
        GatewayUnderTest.start(
            folder,
            Configurations.of(provider.baseUrl(), List.of(MODEL, "text-embedding-3-small")));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void billsAnAnswerToThePicoDollarAndSaysSo() throws IOException {
    HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", chat(""));

    JsonNode usage = JSON.readTree(answer.body()).path("usage");
    long prompt = usage.path("prompt_tokens").asLong();
    long completion = usage.path("completion_tokens").asLong();
    long cost =
        prompt * Configurations.INPUT_PICO_DOLLARS
            + completion * Configurations.OUTPUT_PICO_DOLLARS;
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(prompt).isPositive();
    GatewayUnderTest.Line line = gateway.lines(1).getFirst();
    assertThat(line)
        .isEqualTo(
            new GatewayUnderTest.Line(
                "completed", 200, "provider", prompt, 0, completion, 0, cost, "priced"));
    assertThat(header(answer, "oneflow-provider")).isEqualTo("ai/stand-in");
    assertThat(header(answer, "oneflow-model")).isEqualTo(MODEL);
    assertThat(header(answer, "oneflow-strategy")).isEqualTo("Balanced");
    assertThat(header(answer, "oneflow-attempts")).isEqualTo("1");
    assertThat(new java.math.BigDecimal(header(answer, "oneflow-cost-credits")))
        .isEqualByComparingTo(java.math.BigDecimal.valueOf(cost, 10));
    assertThat(header(answer, "x-request-id")).startsWith("req_");
  }

  @Test
  void hidesTheUsageEventThatNobodyAskedForAndBillsByIt() {
    HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", chat(",\"stream\":true"));

    String body = new String(answer.body(), UTF_8);
    assertThat(body).endsWith("data: [DONE]\n\n").doesNotContain("\"choices\":[]");
    GatewayUnderTest.Line line = gateway.lines(1).getFirst();
    assertThat(line.source()).isEqualTo("provider");
    assertThat(line.picoDollars()).isPositive();
  }

  @Test
  void leavesTheUsageEventToWhoAskedForIt() {
    HttpResponse<byte[]> answer =
        gateway.post(
            "/v1/chat/completions",
            chat(",\"stream\":true,\"stream_options\":{\"include_usage\":true}"));

    assertThat(new String(answer.body(), UTF_8)).contains("\"choices\":[]");
    assertThat(gateway.lines(1).getFirst().source()).isEqualTo("provider");
  }

  @Test
  void servesEmbeddings() {
    HttpResponse<byte[]> answer =
        gateway.post(
            "/v1/embeddings",
            "{\"input\":\"hello\",\"model\":\"text-embedding-3-small\"}".getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(gateway.lines(1).getFirst().input()).isPositive();
  }

  @Test
  void listsModels() throws IOException {
    HttpResponse<byte[]> list = gateway.send(gateway.request("/v1/models", Configurations.KEY));
    HttpResponse<byte[]> one =
        gateway.send(gateway.request("/v1/models/" + MODEL, Configurations.KEY));
    HttpResponse<byte[]> none =
        gateway.send(gateway.request("/v1/models/other", Configurations.KEY));

    assertThat(JSON.readTree(list.body()).path("data").findValuesAsText("id"))
        .containsExactly(MODEL, "text-embedding-3-small");
    assertThat(JSON.readTree(one.body()).path("id").asText()).isEqualTo(MODEL);
    assertThat(none.statusCode()).isEqualTo(404);
  }

  @Test
  void refusesAWrongKeyAndCallsNobody() throws IOException {
    HttpResponse<byte[]> answer =
        gateway.send(
            gateway
                .request("/v1/chat/completions", "of_test_wrong")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(chat(""))));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(code(answer)).isEqualTo("invalid_api_key");
    assertThat(provider.requests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"nobody\"} | 404 | model_not_found",
        "{\"model\":5} | 400 | invalid_value",
        "{} | 400 | invalid_value",
        "[] | 400 | invalid_value",
        "{\"model\":\"gpt-4o\" | 400 | invalid_json",
        "{\"model\":\"gpt-4o\",\"model\":\"x\"} | 400 | invalid_value",
        "{\"model\":\"gpt-4o\",\"stream\":\"yes\"} | 400 | invalid_value",
      })
  void refusesABodyThatCannotBeServed(String body, int status, String code) throws IOException {
    HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", body.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void refusesJsonCutAnywhere() throws IOException {
    byte[] whole = chat("");
    for (int length = 0; length < whole.length; length += 3) {
      HttpResponse<byte[]> answer =
          gateway.post("/v1/chat/completions", java.util.Arrays.copyOf(whole, length));
      assertThat(code(answer)).isEqualTo("invalid_json");
    }
    assertThat(gateway.post("/v1/chat/completions", whole).statusCode()).isEqualTo(200);
  }

  @Test
  void keepsALimitAndSaysWhenItOpens() throws IOException {
    gateway.configure(
        Configurations.limited(provider.baseUrl(), MODEL, new RateLimit(2, Duration.ofHours(1))));

    HttpResponse<byte[]> first = gateway.post("/v1/chat/completions", chat(""));
    HttpResponse<byte[]> second = gateway.post("/v1/chat/completions", chat(""));
    HttpResponse<byte[]> third = gateway.post("/v1/chat/completions", chat(""));

    assertThat(header(first, "x-ratelimit-limit")).isEqualTo("2");
    assertThat(header(first, "x-ratelimit-remaining")).isEqualTo("1");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(code(third)).isEqualTo("rate_limit_exceeded");
    assertThat(Long.parseLong(header(third, "retry-after"))).isBetween(3500L, 3661L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "outcome=html | 502 | provider_invalid_response",
        "outcome=status status=500 | 502 | provider_error",
        "outcome=status status=401 | 502 | provider_authentication_failed",
        "outcome=garbage-events | 502 | provider_invalid_response",
      })
  void tellsOfAProviderThatFails(String script, int status, String code) throws IOException {
    provider.script(1, script);

    HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", chat(",\"stream\":true"));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(code(answer)).isEqualTo(code);
    assertThat(gateway.post("/v1/chat/completions", chat("")).statusCode()).isEqualTo(200);
    assertThat(gateway.lines(2).getFirst().outcome()).isEqualTo("provider_failed");
  }

  @Test
  void passesAProvidersRefusalOn() {
    provider.script(1, "outcome=status status=429 retry-after=7");

    HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", chat(""));

    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(header(answer, "retry-after")).isEqualTo("7");
    assertThat(gateway.lines(1).getFirst().outcome()).isEqualTo("provider_refused");
  }

  @Test
  void suspendsAKeyWithTheNextRequest() throws IOException {
    assertThat(gateway.post("/v1/chat/completions", chat("")).statusCode()).isEqualTo(200);
    var entries =
        new java.util.ArrayList<>(
            Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    entries.removeLast();
    entries.add(Configurations.key(List.of(), true));

    gateway.configure(ai.oneflow.snapshot.GatewaySnapshot.of(entries));

    HttpResponse<byte[]> answer = gateway.post("/v1/chat/completions", chat(""));
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(code(answer)).isEqualTo("api_key_suspended");
  }

  private static byte[] chat(String more) {
    return ("{\"model\":\""
            + MODEL
            + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
            + more
            + "}")
        .getBytes(UTF_8);
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String code(HttpResponse<byte[]> answer) throws IOException {
    return JSON.readTree(answer.body()).path("error").path("code").asText();
  }
}
