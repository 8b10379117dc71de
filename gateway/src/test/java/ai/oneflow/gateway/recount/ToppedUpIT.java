package ai.oneflow.gateway.recount;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.sql.CreditBook;
import ai.oneflow.gateway.ledger.sql.LedgerDatabase;
import ai.oneflow.snapshot.EntryKey;
import ai.oneflow.snapshot.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToppedUpIT {
  private static final EntryKey KEY = new EntryKey(Kind.API_KEY, "ai", "search");
  private static final Duration SOON = Duration.ofSeconds(10);

  /// As one that was stopped: its kernel takes connections, and nobody answers there.
  @Test
  void aDatabaseThatSaysNothingHoldsUpNoConfiguration() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        ToppedUp toppedUp =
            new ToppedUp(
                CreditBook.of(
                    new LedgerDatabase(
                        "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/ledger",
                        "oneflow",
                        "")))) {
      assertThat(CompletableFuture.runAsync(toppedUp::begin)).succeedsWithin(SOON);
      assertThat(toppedUp.toppedUp(KEY)).as("nobody knows").isEmpty();
    }
  }

  @Test
  void nothingWasPaidInWhereNothingWasEverWritten(@TempDir Path folder) {
    LedgerDatabase none = LedgerDatabase.sqlite(folder.resolve("ledger.db"));
    try (ToppedUp toppedUp = new ToppedUp(CreditBook.of(none))) {
      toppedUp.begin();

      assertThat(toppedUp.toppedUp(KEY)).hasValue(0);
    }
  }
}
