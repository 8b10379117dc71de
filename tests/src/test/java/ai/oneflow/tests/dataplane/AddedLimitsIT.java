package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.QuotaEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Budgets that a running gateway is given in the middle of their period.
@ExtendWith(LeakWatch.class)
class AddedLimitsIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gpt-4o";
  private static final long MUCH = 1_000_000_000_000_000L;

  @TempDir Path folder;
  private Simulator provider;
  private GatewayUnderTest gateway;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
    gateway = GatewayUnderTest.start(folder, without());
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    provider.close();
  }

  @Test
  void refusesAtOnceWhereMoreWasSpentThanTheNewBudgetAllows() throws IOException {
    assertThat(ask("caller").statusCode()).isEqualTo(200);

    gateway.configure(with(budget(Window.MONTH, 1)));

    HttpResponse<byte[]> refused = ask("caller");
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(JSON.readTree(refused.body()).path("error").path("code").asText())
        .isEqualTo("budget_exceeded");
    assertThat(gateway.lines(1)).hasSize(1);
  }

  @Test
  void leavesWhatIsLeftOfThePeriod() throws IOException {
    ask("caller");
    ask("caller");

    for (Window window : Window.values()) {
      gateway.configure(with(budget(window, MUCH)));

      assertThat(used()).as("used in %s", window).isEqualTo(spent(2));
    }
    assertThat(ask("caller").statusCode()).isEqualTo(200);
    assertThat(used()).isEqualTo(spent(3));
  }

  @Test
  void countsARequestThatWasUnderWayOnce() throws IOException {
    CompletableFuture<HttpResponse<byte[]>> slow =
        CompletableFuture.supplyAsync(
            () -> ask("sim first-byte=700ms"), Thread::startVirtualThread);
    await().until(() -> !provider.requests().isEmpty());

    gateway.configure(with(budget(Window.DAY, MUCH)));

    assertThat(used()).isZero();
    assertThat(slow.join().statusCode()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(used()).isEqualTo(spent(1)).isPositive());
  }

  @Test
  void countsAPolicysBudgetForEachThatItSpeaksOf() throws IOException {
    ask("caller");
    List<Entry> entries = new ArrayList<>(without().entries().values());
    entries.add(policy(Map.of("user", "*"), budget(Window.WEEK, 1)));

    gateway.configure(GatewaySnapshot.of(entries));

    assertThat(ask("caller").statusCode()).isEqualTo(402);
  }

  @Test
  void aBudgetThatComesBackKnowsWhatWasSpentWithoutIt() throws IOException {
    gateway.configure(with(budget(Window.MONTH, MUCH)));
    ask("caller");
    gateway.configure(without());
    ask("caller");

    gateway.configure(with(budget(Window.MONTH, MUCH)));

    assertThat(used()).isEqualTo(spent(2));
  }

  @Test
  void countsEachRequestOnceThatComesWhileBudgetsComeAndGo() throws IOException {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger served = new AtomicInteger();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        callers.submit(() -> askUntil(over, served));
      }
      for (int i = 1; i <= 20; i++) {
        int enough = 10 * i;
        await().until(() -> served.get() >= enough);
        gateway.configure(i % 2 == 0 ? without() : with(budget(Window.MONTH, MUCH)));
      }
      gateway.configure(with(budget(Window.MONTH, MUCH)));
      int enough = served.get() + 10;
      await().until(() -> served.get() >= enough);
      over.set(true);
    }

    assertThat(used()).isEqualTo(spent(served.get()));
  }

  private void askUntil(AtomicBoolean over, AtomicInteger served) {
    while (!over.get()) {
      if (ask("caller").statusCode() == 200) {
        served.incrementAndGet();
      }
    }
  }

  private long spent(int rows) {
    List<Line> lines = gateway.lines(rows);
    assertThat(lines).hasSize(rows);
    return lines.stream().mapToLong(Line::picoDollars).sum();
  }

  /// Of the first budget, as the caller is told, in pico-dollars.
  private long used() throws IOException {
    HttpResponse<byte[]> answer =
        gateway.send(gateway.request("/v1/usage", Configurations.KEY).GET());
    for (JsonNode limit : JSON.readTree(answer.body()).path("limits")) {
      if (limit.path("unit").asText().equals("credits") && limit.hasNonNull("used")) {
        return new BigDecimal(limit.path("used").asText()).scaleByPowerOfTen(10).longValueExact();
      }
    }
    throw new AssertionError("no budget: " + new String(answer.body(), UTF_8));
  }

  private HttpResponse<byte[]> ask(String user) {
    String body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50, "user": "%s"}"""
            .formatted(MODEL, user);
    return gateway.post("/v1/chat/completions", body.getBytes(UTF_8));
  }

  private GatewaySnapshot without() {
    return with();
  }

  private GatewaySnapshot with(BudgetEntry... budgets) {
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    entries.replaceAll(
        entry -> entry instanceof KeyEntry key ? Configurations.with(key, budgets) : entry);
    return GatewaySnapshot.of(entries);
  }

  private static BudgetEntry budget(Window window, long picoDollars) {
    return new BudgetEntry(
        picoDollars, window, "UTC", BudgetEntry.Action.HARD_STOP, "", List.of(80));
  }

  private static QuotaEntry policy(Map<String, String> subject, BudgetEntry budget) {
    return new QuotaEntry(
        "ai",
        "spending",
        1,
        subject,
        List.of(),
        List.of(),
        List.of(),
        List.of(budget),
        QuotaEntry.OnUnavailable.LOCAL_SHARE,
        false);
  }
}
