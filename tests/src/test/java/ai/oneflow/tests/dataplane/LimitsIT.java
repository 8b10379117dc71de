package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Limits and budgets of one gateway, which counts in memory and begins with what its ledger has.
@ExtendWith(LeakWatch.class)
class LimitsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gpt-4o";
  private static final String SMALL = "gpt-4o-mini";
  private static final String CHAT = "/v1/chat/completions";

  /// At most 200 tokens of input and 50 of output, at the prices of the stand-in.
  private static final long MOST_OF_ONE =
      200 * Configurations.INPUT_PICO_DOLLARS + 50 * Configurations.OUTPUT_PICO_DOLLARS;

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, with(key -> key));
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void overspendsNoBudgetHoweverManyAskAtOnce() {
    long budget = 20 * MOST_OF_ONE;
    gateway.configure(with(key -> spending(key, budget, BudgetEntry.Action.HARD_STOP, "")));

    List<HttpResponse<byte[]>> answers = askAtOnce(300);

    long served = answers.stream().filter(answer -> answer.statusCode() == 200).count();
    assertThat(served).isBetween(20L, 299L);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() != 200)
        .allSatisfy(answer -> assertThat(answer.statusCode()).isIn(402, 429));
    assertThat(spent((int) served)).isLessThanOrEqualTo(budget);
    while (ask().statusCode() == 200) {
      served++;
    }
    assertThat(ask().statusCode()).isEqualTo(402);
    assertThat(budget - spent((int) served)).isBetween(0L, MOST_OF_ONE - 1);
  }

  @Test
  void countsOnAfterARestart() throws IOException {
    GatewaySnapshot limited =
        Configurations.limited(provider.baseUrl(), MODEL, new RateLimit(2, Duration.ofHours(1)));
    gateway.configure(limited);
    assertThat(ask().statusCode()).isEqualTo(200);
    assertThat(ask().statusCode()).isEqualTo(200);
    gateway.close();

    gateway = GatewayUnderTest.start(folder, limited);

    assertThat(ask().statusCode()).isEqualTo(429);
  }

  @Test
  void knowsWhatABudgetHasLeftAfterARestart() throws IOException {
    GatewaySnapshot limited =
        with(key -> spending(key, MOST_OF_ONE, BudgetEntry.Action.HARD_STOP, ""));
    gateway.configure(limited);
    assertThat(ask().statusCode()).isEqualTo(200);
    gateway.lines(1);
    gateway.close();

    gateway = GatewayUnderTest.start(folder, limited);

    assertThat(ask().statusCode()).isEqualTo(402);
  }

  @Test
  void answersWithACheaperModelOnceABudgetIsSpentAndSaysSo() {
    gateway.configure(with(key -> spending(key, 1, BudgetEntry.Action.DEGRADE, SMALL)));

    HttpResponse<byte[]> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(header(answer, "oneflow-degraded-from")).isEqualTo(MODEL);
    assertThat(header(answer, "oneflow-model")).isEqualTo(SMALL);
  }

  @Test
  void stopsHardWhereTheCheaperModelIsNotServed() throws IOException {
    gateway.configure(with(key -> spending(key, 1, BudgetEntry.Action.DEGRADE, "nobody")));

    HttpResponse<byte[]> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(402);
    assertThat(code(answer)).isEqualTo("budget_exceeded");
  }

  @Test
  void servesTheCheaperModelToWhoAsksForItOnceABudgetIsSpent() {
    gateway.configure(with(key -> spending(key, 1, BudgetEntry.Action.DEGRADE, MODEL)));

    HttpResponse<byte[]> answer = ask();

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("oneflow-degraded-from")).isEmpty();
  }

  @Test
  void servesAPrepaidKeyForWhatWasToppedUp() throws IOException {
    gateway.configure(with(LimitsIT::prepaid));
    HttpResponse<byte[]> empty = ask();

    await("the ledger").until(() -> topUp("invoice-1", "0.50").statusCode() == 201);
    assertThat(topUp("invoice-1", "0.50").statusCode()).isEqualTo(200);
    assertThat(topUp("invoice-1", "0.60").statusCode()).isEqualTo(409);

    assertThat(empty.statusCode()).isEqualTo(402);
    assertThat(code(empty)).isEqualTo("credits_exhausted");
    await().until(() -> ask().statusCode() == 200);
    int served = 1;
    while (ask().statusCode() == 200) {
      served++;
    }
    assertThat(5_000_000_000L - spent(served)).isBetween(0L, MOST_OF_ONE - 1);
  }

  private HttpResponse<byte[]> topUp(String reference, String credits) {
    String body =
        """
        {"key": "ai/caller", "amount": "%s", "unit": "Credits", "reference": "%s"}"""
            .formatted(credits, reference);
    return gateway.send(
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:" + gateway.gateway().managementPort() + "/credits/top-ups"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void refusesMoreThanMayBeUnderWayAtOnce() {
    gateway.configure(with(key -> concurrent(key, 2)));

    List<HttpResponse<byte[]>> answers = askAtOnce(20, "sim first-byte=300ms");

    assertThat(answers.stream().filter(answer -> answer.statusCode() == 200).count())
        .isBetween(2L, 19L);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() != 200)
        .allSatisfy(
            answer -> {
              assertThat(code(answer)).isEqualTo("concurrency_limit_exceeded");
              assertThat(header(answer, "retry-after")).isEqualTo("1");
            });
    assertThat(ask().statusCode()).isEqualTo(200);
  }

  @Test
  void tellsACallerWhereItsLimitsStand() throws IOException {
    gateway.configure(
        with(key -> spending(key, 1_000 * MOST_OF_ONE, BudgetEntry.Action.HARD_STOP, "")));
    ask();
    long cost = spent(1);

    HttpResponse<byte[]> answer =
        gateway.send(gateway.request("/v1/usage", Configurations.KEY).GET());

    JsonNode usage = JSON.readTree(answer.body());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(usage.path("key").asText()).isEqualTo("ai/caller");
    JsonNode budget = usage.path("limits").get(0);
    assertThat(budget.path("unit").asText()).isEqualTo("credits");
    assertThat(budget.path("window").asText()).isEqualTo("month (UTC)");
    assertThat(new BigDecimal(budget.path("used").asText()))
        .isEqualByComparingTo(BigDecimal.valueOf(cost, 10));
    assertThat(
            new BigDecimal(budget.path("used").asText())
                .add(new BigDecimal(budget.path("remaining").asText())))
        .isEqualByComparingTo(new BigDecimal(budget.path("limit").asText()));
  }

  private long spent(int rows) {
    return gateway.lines(rows).stream().mapToLong(Line::picoDollars).sum();
  }

  private HttpResponse<byte[]> ask() {
    return gateway.post(CHAT, body("caller"));
  }

  private List<HttpResponse<byte[]>> askAtOnce(int requests) {
    return askAtOnce(requests, "caller");
  }

  private List<HttpResponse<byte[]>> askAtOnce(int requests, String user) {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        answers.add(callers.submit(() -> gateway.post(CHAT, body(user))));
      }
      callers.shutdown();
      return answers.stream().map(LimitsIT::answer).toList();
    }
  }

  private static HttpResponse<byte[]> answer(Future<HttpResponse<byte[]>> pending) {
    try {
      return pending.get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] body(String user) {
    return """
        {"model": "%s", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50, "user": "%s"}"""
        .formatted(MODEL, user)
        .getBytes(UTF_8);
  }

  private GatewaySnapshot with(UnaryOperator<KeyEntry> change) {
    List<Entry> entries =
        new ArrayList<>(
            Configurations.entries(provider.baseUrl(), List.of(MODEL, SMALL), List.of()));
    entries.replaceAll(entry -> entry instanceof KeyEntry key ? change.apply(key) : entry);
    return GatewaySnapshot.of(entries);
  }

  private static KeyEntry spending(
      KeyEntry key, long picoDollars, BudgetEntry.Action action, String degradeTo) {
    BudgetEntry budget =
        new BudgetEntry(
            picoDollars, BudgetEntry.Window.MONTH, "UTC", action, degradeTo, List.of(80));
    return changed(key, List.of(budget), 0);
  }

  private static KeyEntry prepaid(KeyEntry key) {
    return changed(key, List.of(), 0, true);
  }

  private static KeyEntry concurrent(KeyEntry key, int most) {
    return changed(key, List.of(), most);
  }

  private static KeyEntry changed(KeyEntry key, List<BudgetEntry> budgets, int maxConcurrent) {
    return changed(key, budgets, maxConcurrent, false);
  }

  private static KeyEntry changed(
      KeyEntry key, List<BudgetEntry> budgets, int maxConcurrent, boolean prepaid) {
    return new KeyEntry(
        key.namespace(),
        key.name(),
        key.generation(),
        key.hashes(),
        key.user(),
        key.project(),
        key.models(),
        key.requests(),
        key.tokens(),
        budgets,
        prepaid,
        maxConcurrent,
        key.suspended(),
        key.expiresAt());
  }

  private static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String code(HttpResponse<byte[]> answer) throws IOException {
    return JSON.readTree(answer.body()).path("error").path("code").asText();
  }
}
