package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.BudgetEntry.Window;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.tests.dataplane.GatewayUnderTest.Line;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Budgets that two gateways which count in one Redis are given in the middle of their period.
@ExtendWith(LeakWatch.class)
abstract class AddedLimitsContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gpt-4o";

  /// More than one request holds, which is 200 tokens for its prompt and 50 for its answer at most.
  private static final long A_REQUEST =
      200 * Configurations.INPUT_PICO_DOLLARS + 50 * Configurations.OUTPUT_PICO_DOLLARS;

  private static final long MUCH = 1_000_000_000_000_000L;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;
  private RedisServer redis;
  private Simulator provider;
  private GatewayUnderTest one;
  private GatewayUnderTest two;

  /// One that has nothing yet.
  void newLedger() throws SQLException {}

  /// Of one of the gateways.
  ///
  /// @param folder of that gateway alone
  abstract LedgerOptions ledger(Path folder);

  /// What all of them have.
  abstract List<Line> lines(GatewayUnderTest one, GatewayUnderTest two);

  @BeforeEach
  void start() throws IOException, SQLException {
    assumeTrue(RedisProgram.any().isPresent(), "no Redis is installed");
    redis = RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
    newLedger();
    provider = Simulator.start(SimulatorOptions.defaults());
    one = GatewayUnderTest.start(ledger(folder.resolve("one")), "one", with());
    two = GatewayUnderTest.start(ledger(folder.resolve("two")), "two", with());
  }

  @AfterEach
  void stop() throws IOException {
    if (redis != null) {
      one.close();
      two.close();
      provider.close();
      redis.close();
    }
  }

  @Test
  void refuseWhereMoreWasSpentThanTheNewBudgetAllows() {
    configure(with(budget(Window.MONTH, A_REQUEST)));
    assertThat(ask(one).statusCode()).as("more than one request holds").isEqualTo(200);
    configure(with());
    while (spent() < A_REQUEST) {
      assertThat(ask(two).statusCode()).isEqualTo(200);
      lines(provider.requests().size());
    }

    configure(with(budget(Window.MONTH, A_REQUEST)));

    for (GatewayUnderTest gateway : List.of(one, two)) {
      await().atMost(PATIENCE).until(() -> ask(gateway).statusCode() != 503);
      assertThat(ask(gateway).statusCode()).isEqualTo(402);
    }
  }

  @Test
  void countWhatEachHasSpentOnce() {
    ask(one);
    ask(two);
    ask(two);

    configure(with(budget(Window.MONTH, MUCH)));

    awaitUsed();
    ask(one);
    awaitUsed();
  }

  @Test
  void countWhatOneSpendsThatLearnsOfItLater() throws IOException {
    ask(one);
    ask(two);
    one.configure(with(budget(Window.DAY, MUCH)));
    ask(two);

    two.configure(with(budget(Window.DAY, MUCH)));

    awaitUsed();
  }

  @Test
  void countARequestThatWasUnderWayOnce() {
    CompletableFuture<HttpResponse<byte[]>> slow =
        CompletableFuture.supplyAsync(
            () -> ask(one, "sim first-byte=900ms"), Thread::startVirtualThread);
    await().until(() -> !provider.requests().isEmpty());

    configure(with(budget(Window.WEEK, MUCH)));

    assertThat(slow.join().statusCode()).isEqualTo(200);
    awaitUsed();
  }

  @Test
  void knowOfABudgetThatComesBackWhatWasSpentWithoutIt() {
    configure(with(budget(Window.MONTH, MUCH)));
    ask(one);
    configure(with());
    ask(two);

    configure(with(budget(Window.MONTH, MUCH)));

    awaitUsed();
  }

  @Test
  void countEachRequestOnceThatEndsMeanwhile() {
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      GatewayUnderTest gateway = i % 2 == 0 ? one : two;
      callers.add(
          CompletableFuture.runAsync(
              () -> {
                while (!stop.get()) {
                  ask(gateway);
                }
              },
              Thread::startVirtualThread));
    }
    await().until(() -> provider.requests().size() > 50);

    configure(with(budget(Window.MONTH, MUCH)));

    int before = provider.requests().size();
    await().atMost(PATIENCE).until(() -> provider.requests().size() > before + 50);
    stop.set(true);
    callers.forEach(CompletableFuture::join);
    awaitUsed();
  }

  private void configure(GatewaySnapshot snapshot) {
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(() -> two.configure(snapshot), Thread::startVirtualThread);
    one.configure(snapshot);
    other.join();
  }

  /// Each gateway says that as much is used as the ledger has.
  private void awaitUsed() {
    int served = provider.requests().size();
    for (GatewayUnderTest gateway : List.of(one, two)) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(used(gateway)).isEqualTo(lines(served)));
    }
  }

  /// What is spent by the ledger, once it has so many requests.
  private long lines(int count) {
    await().atMost(PATIENCE).until(() -> lines(one, two).size() == count);
    return spent();
  }

  private long spent() {
    return lines(one, two).stream().mapToLong(Line::picoDollars).sum();
  }

  private static long used(GatewayUnderTest gateway) throws IOException {
    HttpResponse<byte[]> answer =
        gateway.send(gateway.request("/v1/usage", Configurations.KEY).GET());
    for (JsonNode limit : JSON.readTree(answer.body()).path("limits")) {
      if (limit.path("unit").asText().equals("credits") && limit.hasNonNull("used")) {
        return new BigDecimal(limit.path("used").asText()).scaleByPowerOfTen(10).longValueExact();
      }
    }
    return -1;
  }

  private static HttpResponse<byte[]> ask(GatewayUnderTest gateway) {
    return ask(gateway, "caller");
  }

  private static HttpResponse<byte[]> ask(GatewayUnderTest gateway, String user) {
    String body =
        """
        {"model": "%s", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50, "user": "%s"}"""
            .formatted(MODEL, user);
    return gateway.post("/v1/chat/completions", body.getBytes(UTF_8));
  }

  private GatewaySnapshot with(BudgetEntry... budgets) {
    RedisEntry there =
        new RedisEntry(
            redis.url().toString(), Optional.empty(), false, RedisEntry.Admission.SHARES);
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    entries.replaceAll(
        entry ->
            switch (entry) {
              case KeyEntry key -> Configurations.with(key, budgets);
              case GatewayEntry gateway -> Configurations.with(gateway, there);
              default -> entry;
            });
    return GatewaySnapshot.of(entries);
  }

  private static BudgetEntry budget(Window window, long picoDollars) {
    return new BudgetEntry(
        picoDollars, window, "UTC", BudgetEntry.Action.HARD_STOP, "", List.of(80));
  }
}
