package ai.oneflow.gateway.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerIT implements SqlLedgerContract {
  @TempDir Path folder;

  @Override
  public LedgerDatabase database() {
    return LedgerDatabase.sqlite(folder.resolve("made/when/absent/ledger.db"));
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
