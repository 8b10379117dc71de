package ai.oneflow.gateway;

import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import java.nio.file.Path;

/// Where usage is written down.
///
/// @param database the ledger itself
/// @param journal a folder of this gateway alone, on a disk that outlives the process
public record LedgerOptions(LedgerDatabase database, Path journal) {

  /// A SQLite file and its journal, side by side in one folder.
  public static LedgerOptions in(Path folder) {
    return new LedgerOptions(
        LedgerDatabase.sqlite(folder.resolve("ledger.db")), folder.resolve("journal"));
  }
}
