package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.gateway.ledger.sql.SqlLedger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/// A process that records numbered events until it is killed, and writes each number to its output
/// after the ledger has accepted the event: what a caller would take for an answer.
final class RecordingProcess {
  private RecordingProcess() {}

  /// Arguments: the journal's folder, the database's file, the first number.
  public static void main(String[] arguments) throws IOException {
    LedgerDatabase database = LedgerDatabase.sqlite(Path.of(arguments[1]));
    JournaledLedger ledger =
        JournaledLedger.open(
            settings(Path.of(arguments[0])),
            () -> SqlLedger.open(database),
            InstantSource.system());
    try (OutputStream acknowledgements = new FileOutputStream(FileDescriptor.out)) {
      for (long number = Long.parseLong(arguments[2]); ; number++) {
        while (!ledger.isAccepting()) {
          Thread.onSpinWait();
        }
        if (ledger.record(Events.numbered(number, ledger.nextId(System.currentTimeMillis())))) {
          acknowledgements.write((number + "\n").getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
  }

  static JournalSettings settings(Path folder) {
    return new JournalSettings(folder, "pod-1", 128 << 10, 64 << 20);
  }
}
