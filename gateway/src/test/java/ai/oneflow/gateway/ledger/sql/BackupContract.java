package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.sql.TopUp.KeyName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What scripts/db/backup makes of a ledger, scripts/db/restore makes a ledger of again.
interface BackupContract {
  KeyName KEY = new KeyName("ai", "search-key");

  /// A database without tables; SQLite's file is not there.
  LedgerDatabase database() throws SQLException;

  /// What the scripts call, which must be installed.
  String tool();

  @Test
  default void aRestoredLedgerReportsWhatItsBackupDidAndGoesOn(@TempDir Path folder)
      throws Exception {
    assumeTrue(isInstalled(tool()), tool() + " is not installed");
    LedgerDatabase original = database();
    LedgerDatabase restored = database();
    Events made = new Events(1);
    List<UsageEvent> events = new ArrayList<>(List.of(made.numberedAfterFailures(1)));
    events.addAll(made.many(2_999));
    Path copy = folder.resolve("a copy");
    try (SqlLedger ledger = SqlLedger.open(original)) {
      ledger.addPriceLists(Map.of("v1", "{}"), 5);
      ledger.add("pod-1", events.subList(0, 2_000));
      CreditBook.of(original).topUp(new TopUp(KEY, "7", 50, 1, "ann", "it's"));

      Ran backup = run("backup", original, copy);
      assertThat(backup.said).contains("holds the ledger; there are 2000 events now");
      assertThat(backup.code).isZero();
      ledger.add("pod-1", events.subList(2_000, 3_000));
    }

    Ran restore = run("restore", restored, copy);
    assertThat(restore.said).contains("restored, 2000 events");
    assertThat(restore.code).isZero();

    assertThat(report(restored)).isNotEqualTo(report(original));
    try (SqlLedger ledger = SqlLedger.open(restored)) {
      assertThat(ledger.add("pod-2", events)).isEqualTo(1_000);
    }
    assertThat(report(restored)).isEqualTo(report(original));
    assertThat(all(restored)).isEqualTo(events).isEqualTo(all(original));
    assertThat(new EventHistory(restored).priceLists()).isEqualTo(Map.of("v1", "{}"));
    assertThat(CreditBook.of(restored).topUps(KEY)).hasSize(1);
    assertThat(CreditBook.of(restored).balance(KEY))
        .isEqualTo(CreditBook.of(original).balance(KEY));
  }

  @Test
  default void nothingIsWrittenOver(@TempDir Path folder) throws Exception {
    assumeTrue(isInstalled(tool()), tool() + " is not installed");
    LedgerDatabase database = database();
    Path copy = folder.resolve("copy");
    try (SqlLedger ledger = SqlLedger.open(database)) {
      ledger.add("pod-1", new Events(1).many(10));
    }
    run("backup", database, copy);
    long size = Files.size(copy);

    Ran backup = run("backup", database, copy);
    Ran restore = run("restore", database, copy);

    assertThat(backup.code).isEqualTo(1);
    assertThat(backup.said).contains("is there already");
    assertThat(Files.size(copy)).isEqualTo(size);
    assertThat(restore.code).isEqualTo(1);
    assertThat(restore.said).contains("there is a ledger", "already");
    assertThat(Rows.count(database)).isEqualTo(10);
  }

  @Test
  default void aDamagedCopyIsNotRestored(@TempDir Path folder) throws Exception {
    assumeTrue(isInstalled(tool()), tool() + " is not installed");
    Path copy = folder.resolve("copy");
    Files.writeString(copy, "no backup at all".repeat(1_000));
    LedgerDatabase database = database();

    assertThat(run("restore", database, copy).code).isNotZero();
  }

  /// What a script ended with, and all it said.
  record Ran(int code, String said) {}

  private static Ran run(String script, LedgerDatabase database, Path file)
      throws IOException, InterruptedException {
    Path scripts = Path.of(System.getProperty("oneflow.root", "..")).resolve("scripts/db");
    ProcessBuilder builder =
        new ProcessBuilder(scripts.resolve(script).toString(), file.toString())
            .redirectErrorStream(true);
    builder.environment().put("ONEFLOW_LEDGER", database.url());
    builder.environment().put("ONEFLOW_LEDGER_USER", database.user());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), said);
  }

  private static List<UsageReport> report(LedgerDatabase database) throws SQLException {
    List<UsageReport> reports = new ArrayList<>();
    for (UsageGroup group : UsageGroup.values()) {
      reports.add(UsageReport.read(database, UsageQuery.all(group)));
    }
    return reports;
  }

  private static List<UsageEvent> all(LedgerDatabase database) throws SQLException {
    List<UsageEvent> events = new ArrayList<>();
    new EventHistory(database).events(Interval.EVER, events::add);
    return events;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
