package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.journal.JournalSettings;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerIT implements SqlLedgerContract {
  @TempDir Path folder;
  private int databases;

  @Override
  public LedgerDatabase database() {
    return LedgerDatabase.sqlite(folder.resolve("made/when/absent/ledger " + ++databases + ".db"));
  }

  @Override
  public String tool() {
    return "sqlite3";
  }

  @Test
  void commitsAreSyncedToTheDisk() throws SQLException {
    LedgerDatabase database = database();
    try (SqlLedger ledger = SqlLedger.open(database)) {
      assertThat(ledger.pragma("journal_mode")).isEqualTo("wal");
      assertThat(ledger.pragma("synchronous")).isEqualTo("2");
    }
  }

  @Test
  void gatewaysOfOneMachineMayShareAFile() throws Exception {
    LedgerDatabase database = database();
    try (JournaledLedger one = gateway("pod-1", database);
        JournaledLedger other = gateway("pod-2", database)) {
      for (int i = 0; i < 2_000; i++) {
        one.record(Events.numbered(i, one.nextId(System.currentTimeMillis())));
        other.record(Events.numbered(i, other.nextId(System.currentTimeMillis())));
      }
    }
    assertThat(Rows.column(database, "SELECT count(*) FROM usage GROUP BY gateway"))
        .containsExactly("2000", "2000");
  }

  private JournaledLedger gateway(String name, LedgerDatabase database) throws IOException {
    return JournaledLedger.open(
        JournalSettings.of(folder.resolve(name), name),
        () -> SqlLedger.open(database),
        InstantSource.system());
  }

  @Test
  void aFolderThatCannotBeMadeIsAnErrorThatNamesIt() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> SqlLedger.open(LedgerDatabase.sqlite(file.resolve("ledger.db"))))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aReportOfAFileThatIsNotThereMakesNone() {
    assertThatThrownBy(() -> UsageReport.read(database(), UsageQuery.all(UsageGroup.DAY)))
        .hasMessageStartingWith("there is no ledger at ");
    assertThat(folder.resolve("made")).doesNotExist();
  }
}
