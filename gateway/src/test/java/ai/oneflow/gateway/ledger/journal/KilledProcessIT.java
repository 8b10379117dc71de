package ai.oneflow.gateway.ledger.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.Rows;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A gateway is killed (SIGKILL) three times in the middle of its work.
class KilledProcessIT {
  private static final int ROUNDS = 3;
  private static final int EVENTS_BEFORE_THE_KILL = 30_000;
  private static final long APART = 1_000_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void losesNothingThatWasAcknowledgedAndDoublesNothing() throws IOException, SQLException {
    LedgerDatabase database = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    Set<String> acknowledged = new HashSet<>();
    for (int round = 1; round <= ROUNDS; round++) {
      acknowledged.addAll(recordAndKill(round * APART));
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(ROUNDS * EVENTS_BEFORE_THE_KILL);

    LedgerStatistics after = carryOn(database);

    List<String> rows = Rows.column(database, "SELECT input_tokens FROM usage");
    assertThat(after.backlogBytes()).isZero();
    assertThat(after.unreadable()).isZero();
    assertThat(rows).hasSameSizeAs(new HashSet<>(rows));
    assertThat(new HashSet<>(rows).containsAll(acknowledged)).isTrue();
    assertThat(rows.size()).isLessThanOrEqualTo(acknowledged.size() + ROUNDS);
  }

  private Set<String> recordAndKill(long first) throws IOException {
    Process process = start(first);
    Set<String> acknowledged = new HashSet<>();
    try (BufferedReader output = process.inputReader(US_ASCII)) {
      for (int i = 0; i < EVENTS_BEFORE_THE_KILL; i++) {
        acknowledged.add(output.readLine());
      }
      process.toHandle().destroyForcibly(); // unlike the process itself, this leaves the pipe open
      output.lines().filter(KilledProcessIT::isWhole).forEach(acknowledged::add);
    }
    process.onExit().join();
    return acknowledged;
  }

  /// The pipe may have been cut in the middle of a line.
  private static boolean isWhole(String line) {
    return line.length() == String.valueOf(APART).length();
  }

  private LedgerStatistics carryOn(LedgerDatabase database) throws IOException {
    JournalSettings settings = RecordingProcess.settings(folder.resolve("journal"));
    JournaledLedger ledger =
        JournaledLedger.open(settings, () -> SqlLedger.open(database), InstantSource.system());
    ledger.close(PATIENCE);
    return ledger.statistics();
  }

  private Process start(long first) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            RecordingProcess.class.getName(),
            folder.resolve("journal").toString(),
            folder.resolve("ledger.db").toString(),
            String.valueOf(first))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
