package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.ModelEntry;
import ai.oneflow.snapshot.ProviderEntry;
import ai.oneflow.snapshot.RouteEntry;
import ai.oneflow.snapshot.RouteEntry.Strategy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One public model with three targets: which of them answers, and what `POST /v1/estimate` says of
/// it beforehand.
@ExtendWith(LeakWatch.class)
class RoutingIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String ESTIMATE = "/v1/estimate";
  private static final String HELLO =
      """
      {"model":"smart","max_tokens":20,"messages":[{"role":"user","content":"Hello"}]}\
      """;
  private static final String PICTURE =
      """
      {"model":"smart","messages":[{"role":"user","content":[
        {"type":"image_url","image_url":{"url":"https://example.com/cat.png"}}]}]}\
      """;

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, snapshot(Strategy.BALANCED, false));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @ParameterizedTest
  @CsvSource({
    "COST_OPTIMIZED, CostOptimized, ai/cheap",
    "QUALITY_OPTIMIZED, QualityOptimized, ai/good",
    "PRIORITY, Priority, ai/fast"
  })
  void answersFromWhereTheEstimateSaid(Strategy strategy, String name, String target) {
    gateway.configure(snapshot(strategy, false));

    JsonNode estimate = json(gateway.post(ESTIMATE, HELLO.getBytes(UTF_8)));
    HttpResponse<byte[]> answer = gateway.post(CHAT, HELLO.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue(target);
    assertThat(answer.headers().firstValue("oneflow-strategy")).hasValue(name);
    assertThat(estimate.get("strategy").asText()).isEqualTo(name);
    assertThat(estimate.get("candidates")).hasSize(3);
    assertThat(estimate.get("candidates").get(0).get("provider").asText()).isEqualTo(target);
  }

  @Test
  void reckonsWithThePricesThatItBillsBy() {
    gateway.configure(snapshot(Strategy.COST_OPTIMIZED, false));

    JsonNode cheapest =
        json(gateway.post(ESTIMATE, HELLO.getBytes(UTF_8))).get("candidates").get(0);

    long tokens = cheapest.get("input_tokens").asLong() + cheapest.get("output_tokens").asLong();
    assertThat(cheapest.get("output_tokens").asLong()).isEqualTo(20);
    assertThat(new BigDecimal(cheapest.get("cost_credits").asText()))
        .isEqualByComparingTo(BigDecimal.valueOf(tokens * 1_000_000, 10));
    assertThat(cheapest.get("quality").asInt()).isEqualTo(40);
    assertThat(cheapest.get("parts").get("cost").asDouble()).isEqualTo(1);
    assertThat(cheapest.get("parts").get("quality").asDouble())
        .isEqualTo(0.1538); // (40 - 30) / (95 - 30)
    assertThat(cheapest.get("availability").asDouble()).isEqualTo(1);
  }

  @Test
  void answersForAModelThatIsAddressedDirectlyAndListsItNot() {
    byte[] direct = HELLO.replace("smart", "good/gpt-4o").getBytes(UTF_8);

    JsonNode estimate = json(gateway.post(ESTIMATE, direct));
    HttpResponse<byte[]> answer = gateway.post(CHAT, direct);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/good");
    assertThat(answer.headers().firstValue("oneflow-model")).hasValue("gpt-4o");
    assertThat(answer.headers().firstValue("oneflow-degraded-from")).isEmpty();
    assertThat(estimate.get("candidates").get(0).get("provider").asText()).isEqualTo("ai/good");
    assertThat(gateway.lines(1).getFirst().picoDollars()).isPositive();
    assertThat(new String(models("").body(), UTF_8)).doesNotContain("good/");
    assertThat(models("/good/gpt-4o").statusCode()).isEqualTo(200);
  }

  private HttpResponse<byte[]> models(String more) {
    return gateway.send(gateway.request("/v1/models" + more, Configurations.KEY).GET());
  }

  @Test
  void recordsAndChargesNothingForAnEstimate() {
    gateway.post(ESTIMATE, HELLO.getBytes(UTF_8));
    gateway.post(CHAT, HELLO.getBytes(UTF_8));

    assertThat(gateway.lines(1)).hasSize(1);
  }

  @Test
  void sendsAPictureToAModelThatReadsIt() {
    gateway.configure(snapshot(Strategy.PRIORITY, false));

    JsonNode estimate = json(gateway.post(ESTIMATE, PICTURE.getBytes(UTF_8)));
    HttpResponse<byte[]> answer = gateway.post(CHAT, PICTURE.getBytes(UTF_8));

    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/cheap");
    assertThat(estimate.get("rejected")).hasSize(1);
    assertThat(estimate.get("rejected").get(0).get("provider").asText()).isEqualTo("ai/fast");
    assertThat(estimate.get("rejected").get(0).get("reason").asText()).isEqualTo("vision");
  }

  @Test
  void learnsWhichTargetIsSlow() {
    gateway.configure(snapshot(Strategy.LATENCY_OPTIMIZED, false));
    long declared = latency("ai/fast");
    for (int i = 0; i < 10; i++) {
      gateway.post(CHAT, HELLO.getBytes(UTF_8));
    }

    assertThat(declared).isEqualTo(900);
    assertThat(latency("ai/fast")).as("what it really takes").isLessThan(declared);
    assertThat(latency("ai/good")).as("what nobody has asked").isEqualTo(2_000);
  }

  @Test
  void followsACallersChoiceWhereThePolicyAllowsIt() {
    assertThat(pinned("good").statusCode()).isEqualTo(403);

    gateway.configure(snapshot(Strategy.COST_OPTIMIZED, true));

    HttpResponse<byte[]> answer = pinned("good");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-provider")).hasValue("ai/good");
    assertThat(pinned("nobody").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "'{', 400, invalid_json",
    "'{\"model\":\"nobody\",\"messages\":[]}', 404, model_not_found"
  })
  void saysWhatIsWrongWithWhatIsToBeEstimated(String body, int status, String code) {
    HttpResponse<byte[]> answer = gateway.post(ESTIMATE, body.getBytes(UTF_8));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).get("error").get("code").asText()).isEqualTo(code);
  }

  private HttpResponse<byte[]> pinned(String name) {
    return gateway.send(
        gateway
            .request(CHAT, Configurations.KEY)
            .header("oneflow-provider", name)
            .POST(HttpRequest.BodyPublishers.ofString(HELLO)));
  }

  private long latency(String target) {
    for (JsonNode each : json(gateway.post(ESTIMATE, HELLO.getBytes(UTF_8))).get("candidates")) {
      if (each.get("provider").asText().equals(target)) {
        return each.get("latency_ms").asLong();
      }
    }
    throw new AssertionError("no candidate " + target);
  }

  private GatewaySnapshot snapshot(Strategy strategy, boolean overridable) {
    List<Entry> entries = new ArrayList<>();
    entries.add(Configurations.gateway());
    entries.add(Configurations.key(List.of(), false));
    entries.add(provider("cheap", 1_000_000, 40, Duration.ofSeconds(3), true));
    entries.add(provider("fast", 9_000_000, 30, Duration.ofMillis(900), false));
    entries.add(provider("good", 10_000_000, 95, Duration.ofSeconds(2), true));
    entries.add(
        new RouteEntry(
            "ai",
            "smart",
            1,
            List.of("smart"),
            List.of(target("good", 3), target("fast", 1), target("cheap", 2)),
            new RouteEntry.Selection(
                strategy,
                new RouteEntry.Weights(40, 30, 30),
                new RouteEntry.Requirements(List.of(), 0, OptionalLong.empty()),
                2,
                Optional.empty(),
                overridable,
                RouteEntry.Unpriced.REFUSE),
            RouteEntry.Retry.DEFAULT,
            false));
    return GatewaySnapshot.of(entries);
  }

  private static RouteEntry.Target target(String provider, int priority) {
    return new RouteEntry.Target("ai", provider, "gpt-4o", 1, priority);
  }

  private ProviderEntry provider(
      String name, long price, int quality, Duration latency, boolean vision) {
    ModelEntry plain = Configurations.model("gpt-4o", price);
    ModelEntry model =
        new ModelEntry(
            plain.name(),
            plain.prices(),
            new ModelEntry.Capabilities(0, 0, true, vision, true),
            quality,
            latency);
    return Configurations.withBreaker(
        Configurations.provider(name, provider.baseUrl(), List.of(model), Duration.ofSeconds(30)));
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(new String(answer.body(), UTF_8), e);
    }
  }
}
