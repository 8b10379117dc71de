package ai.oneflow.tests.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.Gateway;
import ai.oneflow.gateway.GatewayOptions;
import ai.oneflow.gateway.LedgerOptions;
import ai.oneflow.gateway.config.SnapshotSink;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.servers.PostgresServer;
import ai.oneflow.servers.RedisProgram;
import ai.oneflow.servers.RedisServer;
import ai.oneflow.servers.RedisServer.Persistence;
import ai.oneflow.simulator.Simulator;
import ai.oneflow.simulator.SimulatorOptions;
import ai.oneflow.snapshot.BudgetEntry;
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.RedisEntry;
import ai.oneflow.snapshot.RedisEntry.Admission;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Three gateways that count together in a real Redis, their ledger in a real PostgreSQL: one
/// budget that a tenth of a thousand callers fits, whatever happens to Redis meanwhile.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FleetIT {
  private static final String MODEL = "gpt-4o";
  private static final long MOST_OF_ONE =
      200 * Configurations.INPUT_PICO_DOLLARS + 50 * Configurations.OUTPUT_PICO_DOLLARS;
  private static final long BUDGET = 30 * MOST_OF_ONE;
  private static final int CALLERS = 1_000;

  @TempDir Path folder;
  private PostgresServer postgres;
  private Simulator provider;
  private RedisServer redis;
  private String database = "";
  private int fleets;
  private final List<Gateway> gateways = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  void startServers() throws Exception {
    Optional<Path> programs = PostgresServer.installed();
    assumeTrue(programs.isPresent(), "no PostgreSQL is installed");
    assumeTrue(RedisProgram.any().isPresent(), "no Redis is installed");
    postgres = PostgresServer.start(programs.orElseThrow());
    provider = Simulator.start(SimulatorOptions.defaults());
  }

  @AfterAll
  void stopServers() throws Exception {
    if (postgres != null) {
      provider.close();
      postgres.close();
    }
  }

  @BeforeEach
  void startRedis() throws IOException {
    redis = RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
  }

  @AfterEach
  void stopFleet() throws IOException {
    for (Gateway gateway : gateways) {
      gateway.close();
    }
    gateways.clear();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(Admission.class)
  void overspendsNothingAndLeavesNoMoreThanTheLastHold(Admission admission) throws Exception {
    start(admission);

    askAllAtOnce();

    spendTheRest();
    assertThat(BUDGET - spent()).isBetween(0L, MOST_OF_ONE - 1);
  }

  @ParameterizedTest
  @EnumSource(Admission.class)
  void overspendsNothingWhenRedisForgetsEverything(Admission admission) throws Exception {
    start(admission);
    askAll(100);

    redis.flushAll();
    askAllAtOnce();

    spendTheRest();
    assertThat(BUDGET - spent()).isBetween(0L, MOST_OF_ONE - 1);
  }

  @ParameterizedTest
  @EnumSource(Admission.class)
  void overspendsNothingWhenRedisIsStartedAnewWithNothing(Admission admission) throws Exception {
    start(admission);
    askAll(100);

    redis.kill();
    askAll(100);
    redis.startAgain();
    askAllAtOnce();

    spendTheRest();
    assertThat(BUDGET - spent()).isBetween(0L, MOST_OF_ONE - 1);
  }

  @Test
  void decidesWithinMillisecondsWhileRedisStandsStill() throws Exception {
    start(Admission.SHARES);
    askAll(30);

    redis.pause();
    long begun = System.nanoTime();
    Map<Integer, Long> statuses = askAll(60);
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    redis.resume();

    assertThat(statuses.keySet()).isSubsetOf(200, 402, 429, 503);
    assertThat(took).isLessThan(Duration.ofSeconds(5));
    askAllAtOnce();
    spendTheRest();
    assertThat(BUDGET - spent()).isBetween(0L, MOST_OF_ONE - 1);
  }

  private void start(Admission admission) throws Exception {
    fleets++;
    database = postgres.newDatabase("fleet" + fleets);
    GatewaySnapshot snapshot = snapshot(admission);
    InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    for (int i = 0; i < 3; i++) {
      LedgerOptions ledger =
          new LedgerOptions(
              new LedgerDatabase(database, PostgresServer.USER, ""),
              folder.resolve("journal-" + fleets + "-" + i));
      Gateway gateway = Gateway.start(new GatewayOptions(free, free, 1, ledger, "gateway-" + i));
      gateways.add(gateway);
      assertThat(gateway.sink().offer(snapshot)).isEqualTo(new SnapshotSink.Outcome.Accepted());
    }
  }

  private GatewaySnapshot snapshot(Admission admission) {
    List<Entry> entries =
        new ArrayList<>(Configurations.entries(provider.baseUrl(), List.of(MODEL), List.of()));
    BudgetEntry budget =
        new BudgetEntry(
            BUDGET, BudgetEntry.Window.TOTAL, "UTC", BudgetEntry.Action.HARD_STOP, "", List.of(80));
    RedisEntry counters =
        new RedisEntry(redis.url().toString(), Optional.empty(), false, admission);
    entries.replaceAll(
        entry ->
            switch (entry) {
              case KeyEntry key -> Configurations.with(key, budget);
              case GatewayEntry gateway -> Configurations.with(gateway, counters);
              default -> entry;
            });
    return GatewaySnapshot.of(entries);
  }

  private Map<Integer, Long> askAllAtOnce() {
    return askAll(CALLERS);
  }

  private Map<Integer, Long> askAll(int requests) {
    Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < requests; i++) {
        Gateway gateway = gateways.get(i % gateways.size());
        callers.execute(
            () -> statuses.computeIfAbsent(ask(gateway), _ -> new LongAdder()).increment());
      }
    }
    Map<Integer, Long> sums = new TreeMap<>();
    statuses.forEach((status, count) -> sums.put(status, count.sum()));
    return sums;
  }

  /// Until each gateway says that the budget is spent, and none that it is merely held or away.
  private void spendTheRest() {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> gateways.stream().allMatch(gateway -> ask(gateway) == 402));
  }

  private int ask(Gateway gateway) {
    String body =
        """
        {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 50}""";
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + gateway.port() + "/v1/chat/completions"))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .header("authorization", "Bearer " + Configurations.KEY)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// What the ledger says was charged, once it has all.
  private long spent() {
    gateways.forEach(
        gateway ->
            await().until(() -> metric(gateway, "oneflow_ledger_backlog_events").equals("0.0")));
    return charged();
  }

  private long charged() {
    try (Connection connection = DriverManager.getConnection(database, PostgresServer.USER, "");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT coalesce(sum(pico_dollars), 0) FROM usage_event")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private String metric(Gateway gateway, String name) {
    try {
      String page =
          client
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString(UTF_8))
              .body();
      return page.lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElse("");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
