package ai.oneflow.gateway.ledger.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.dialect.Usage;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.UsageSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file as the version before wrote it: two events, the other with all that one can hold, and a
/// request on its way.
class OlderFormatIT {
  @TempDir Path folder;

  @Test
  void aFileOfTheSecondFormatIsCarriedOn() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/journal/format-2.journal")) {
      Files.copy(requireNonNull(file), folder.resolve("1-1.journal"));
    }
    FakeStore store = new FakeStore();
    JournalSettings settings = JournalSettings.of(folder, "pod-2");

    JournaledLedger.open(settings, store, InstantSource.system()).close();

    UsageEvent plain = new Events(1).numbered(8);
    EventId full = new EventId(plain.id().high(), 5);
    EventId open = new EventId(plain.id().high(), 6);
    assertThat(store.events())
        .containsExactly(
            plain,
            new UsageEvent(
                full,
                Events.ALICE,
                Events.CHAT,
                Events.COMPLETED,
                new Usage(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
                UsageSource.ESTIMATED,
                plain.cost(),
                true,
                List.of()),
            Openings.died(Openings.numbered(10, open), 10, 123));
    assertThat(store.gateway()).isEqualTo("pod-1");
  }
}
