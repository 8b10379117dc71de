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
import ai.oneflow.snapshot.Entry;
import ai.oneflow.snapshot.GatewayEntry;
import ai.oneflow.snapshot.GatewaySnapshot;
import ai.oneflow.snapshot.KeyEntry;
import ai.oneflow.snapshot.RateLimit;
import ai.oneflow.snapshot.RedisEntry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Counters in memory that come into force among requests that began before them, where some
/// request is always under way.
@ExtendWith(LeakWatch.class)
class MemoryStartIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MODEL = "gpt-4o";
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final RateLimit THREE_AN_HOUR = new RateLimit(3, Duration.ofHours(1));

  @TempDir Path folder;
  private Simulator provider;

  @BeforeEach
  void start() throws IOException {
    provider = Simulator.start(SimulatorOptions.defaults());
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
  }

  @Test
  void theLedgerTookLongerAtTheStartThanTheGatewayWaits() throws IOException, SQLException {
    LedgerOptions ledger = LedgerOptions.in(folder);
    try (Connection database = DriverManager.getConnection(ledger.database().url())) {
      database.createStatement().execute("BEGIN EXCLUSIVE");
      try (GatewayUnderTest gateway = GatewayUnderTest.start(ledger, "test", snapshot())) {
        assertThat(ask(gateway)).isEqualTo(200);
        try (Socket _ = endlessStream(gateway)) {

          database.createStatement().execute("ROLLBACK");

          comeIntoForce(gateway);
        }
        countsTheStreamWhenItEnds(gateway);
      }
    }
  }

  @Test
  void aBudgetRefusesUntilTheLedgerCanBeRead() throws IOException, SQLException {
    LedgerOptions ledger = LedgerOptions.in(folder);
    try (Connection database = DriverManager.getConnection(ledger.database().url())) {
      database.createStatement().execute("BEGIN EXCLUSIVE");
      try (GatewayUnderTest gateway = GatewayUnderTest.start(ledger, "test", withBudget())) {
        assertThat(ask(gateway)).isEqualTo(503);
        assertThat(provider.requests()).isEmpty();

        database.createStatement().execute("ROLLBACK");

        await().atMost(PATIENCE).until(() -> ask(gateway) == 200);
        assertThat(gateway.lines(1)).hasSize(1);
      }
    }
  }

  @Test
  void theGatewayCountedInRedisBefore() throws IOException {
    assumeTrue(RedisProgram.any().isPresent(), "no Redis is installed");
    try (RedisServer redis = RedisServer.start(RedisProgram.any().orElseThrow(), Persistence.NONE);
        GatewayUnderTest gateway = GatewayUnderTest.start(folder, countedIn(redis))) {
      assertThat(ask(gateway)).isEqualTo(200);
      try (Socket _ = endlessStream(gateway)) {

        gateway.configure(snapshot());

        comeIntoForce(gateway);
      }
      countsTheStreamWhenItEnds(gateway);
    }
  }

  private static void comeIntoForce(GatewayUnderTest gateway) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(used(gateway)).isEqualTo(Optional.of(1L)));
    assertThat(ask(gateway)).isEqualTo(200);
  }

  private static void countsTheStreamWhenItEnds(GatewayUnderTest gateway) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(used(gateway)).isEqualTo(Optional.of(3L)));
    assertThat(ask(gateway)).isEqualTo(429);
  }

  /// Until its caller leaves.
  private Socket endlessStream(GatewayUnderTest gateway) throws IOException {
    int before = provider.requests().size();
    Socket stream = gateway.open(body(",\"stream\":true", "sim tokens=2000 gap=50ms"));
    await().atMost(PATIENCE).until(() -> provider.requests().size() > before);
    return stream;
  }

  private static int ask(GatewayUnderTest gateway) {
    return gateway.post("/v1/chat/completions", body("", "caller").getBytes(UTF_8)).statusCode();
  }

  private static String body(String more, String user) {
    return """
        {"model":"%s","messages":[{"role":"user","content":"hi"}],"max_tokens":5000,"user":"%s"%s}"""
        .formatted(MODEL, user, more);
  }

  /// Of the limit on requests; empty while nobody knows.
  private static Optional<Long> used(GatewayUnderTest gateway) throws IOException {
    HttpResponse<byte[]> answer =
        gateway.send(gateway.request("/v1/usage", Configurations.KEY).GET());
    for (JsonNode limit : JSON.readTree(answer.body()).path("limits")) {
      if (limit.path("unit").asText().equals("requests") && limit.hasNonNull("used")) {
        return Optional.of(limit.path("used").asLong());
      }
    }
    return Optional.empty();
  }

  private GatewaySnapshot snapshot() {
    return Configurations.limited(provider.baseUrl(), MODEL, THREE_AN_HOUR);
  }

  private GatewaySnapshot withBudget() {
    BudgetEntry much =
        new BudgetEntry(
            1_000_000_000_000L,
            BudgetEntry.Window.MONTH,
            "UTC",
            BudgetEntry.Action.HARD_STOP,
            "",
            List.of());
    List<Entry> entries = new ArrayList<>(snapshot().entries().values());
    entries.replaceAll(
        entry -> entry instanceof KeyEntry key ? Configurations.with(key, much) : entry);
    return GatewaySnapshot.of(entries);
  }

  private GatewaySnapshot countedIn(RedisServer redis) {
    RedisEntry counters =
        new RedisEntry(redis.url().toString(), Optional.empty(), false, RedisEntry.Admission.EXACT);
    List<Entry> entries = new ArrayList<>(snapshot().entries().values());
    entries.replaceAll(
        entry ->
            entry instanceof GatewayEntry asWritten
                ? Configurations.with(asWritten, counters)
                : entry);
    return GatewaySnapshot.of(entries);
  }
}
