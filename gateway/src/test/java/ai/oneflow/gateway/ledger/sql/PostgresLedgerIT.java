package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.JournalSettings;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.servers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresLedgerIT implements SqlLedgerContract {
  private final AtomicInteger databases = new AtomicInteger();
  private @Nullable PostgresServer server;

  @BeforeAll
  void start() throws IOException, InterruptedException {
    Optional<Path> programs = PostgresServer.installed();
    assumeTrue(programs.isPresent(), "PostgreSQL is not installed: initdb and postgres not found");
    server = PostgresServer.start(programs.get());
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Override
  public LedgerDatabase database() throws SQLException {
    String url = server().newDatabase("ledger_" + databases.incrementAndGet());
    return new LedgerDatabase(url, PostgresServer.USER, "");
  }

  @Override
  public String tool() {
    return "pg_restore";
  }

  @Test
  void gatewaysThatOpenAnEmptyDatabaseTogetherDoNotHarmEachOther() throws Exception {
    LedgerDatabase database = database();
    AtomicInteger added = new AtomicInteger();
    List<Thread> gateways =
        List.of(
            gateway(database, 1, added), gateway(database, 2, added), gateway(database, 3, added));
    for (Thread gateway : gateways) {
      gateway.join();
    }
    assertThat(added).hasValue(1_500);
    assertThat(Rows.count(database)).isEqualTo(1_500);
  }

  /// As after a fail-over to a standby that had not received the last rows.
  @Test
  void aServerThatLostRowsIsNotGivenEventsThatReferToThem() throws SQLException {
    LedgerDatabase database = database();
    List<UsageEvent> events = new Events(1).many(20);
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", events.subList(0, 10));

      server()
          .execute(
              database.url(),
              "TRUNCATE usage_event, usage_gateway, usage_caller, usage_destination, usage_ending",
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                  + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
      await()
          .ignoreExceptionsInstanceOf(SQLException.class)
          .until(() -> ledger.add("pod-1", events.subList(10, 20)) == 10);
    }

    assertThat(Rows.count(database)).isEqualTo(10);
  }

  /// Then the driver does not say how many rows a batch added.
  @Test
  void aDriverThatRewritesBatchesIsUnderstood() throws SQLException {
    LedgerDatabase plain = database();
    LedgerDatabase rewriting =
        new LedgerDatabase(plain.url() + "?reWriteBatchedInserts=true", plain.user(), "");
    try (SqlLedger ledger = SqlLedger.open(rewriting)) {
      assertThat(ledger.add("pod-1", new Events(1).many(1_000))).isEqualTo(1_000);
    }
    assertThat(Rows.count(plain)).isEqualTo(1_000);
  }

  @Test
  void whatIsRecordedWhileTheServerIsDownArrivesOnceWhenItIsBack(@TempDir Path folder)
      throws Exception {
    LedgerDatabase database = database();
    List<UsageEvent> events = new Events(1).many(3_000);
    JournalSettings settings = JournalSettings.of(folder, "pod-1");
    try (JournaledLedger ledger =
        JournaledLedger.open(settings, () -> SqlLedger.open(database), InstantSource.system())) {
      events.subList(0, 1_000).forEach(ledger::record);
      await().atMost(Duration.ofSeconds(20)).until(() -> ledger.statistics().written() == 1_000);

      server().kill();
      events.subList(1_000, 3_000).forEach(ledger::record);
      await().atMost(Duration.ofSeconds(20)).until(() -> ledger.statistics().sqlFailures() > 0);
      assertThat(ledger.statistics().backlogEvents()).isEqualTo(2_000);

      server().startAgain();
      await().atMost(Duration.ofSeconds(40)).until(() -> ledger.statistics().backlogEvents() == 0);
    }
    assertThat(Rows.column(database, "SELECT input_tokens FROM usage ORDER BY input_tokens"))
        .hasSize(3_000)
        .doesNotHaveDuplicates();
  }

  private static Thread gateway(LedgerDatabase database, int number, AtomicInteger added) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try (SqlLedger ledger = SqlLedger.open(database)) {
                added.addAndGet(ledger.add("pod-" + number, new Events(number).many(500)));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private PostgresServer server() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server;
  }
}
