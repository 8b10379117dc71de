package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceListFilesIT {
  @TempDir Path folder;
  private final FakeStore store = new FakeStore();

  @Test
  void aListIsStoredOnceAndItsFileGoes() throws IOException {
    try (JournaledLedger ledger = open()) {
      ledger.priceLists().keep("v1", () -> "{}");
      ledger.priceLists().keep("v1", () -> "another");
      await().until(() -> store.priceLists().equals(Map.of("v1", "{}")));
      await().until(() -> files().isEmpty());
    }
  }

  @Test
  void aListOutlivesTheProcessUntilSqlHasIt() throws IOException {
    store.goAway();
    try (JournaledLedger ledger = open()) {
      ledger.priceLists().keep("v1", () -> "{}");
      ledger.close(Duration.ZERO);
    }
    assertThat(files()).isEqualTo("v1.prices");
    store.comeBack();

    open().close();

    assertThat(store.priceLists()).isEqualTo(Map.of("v1", "{}"));
    assertThat(files()).isEmpty();
  }

  private JournaledLedger open() throws IOException {
    return JournaledLedger.open(
        new JournalSettings(folder, "pod-1", 128 << 10, 1 << 20), store, InstantSource.system());
  }

  private String files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return String.join(
          " ",
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(name -> name.contains(".prices"))
              .toList());
    }
  }
}
