package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.Outcome;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Events after failed attempts, from one process over its journal to the next; in any order, since
/// files that are made ahead may be taken in another than they were named in.
class FailedAttemptsIT {
  private static final int SMALL = 128 << 10;
  private static final int USUAL = 4 << 20;
  private static final int MOST = 100;

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();
  private final Events made = new Events(1);

  @Test
  void comeBackAsTheyWereOverManyFiles() throws IOException {
    List<UsageEvent> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      events.add(made.numbered(i).withFailed(failed(i % (MOST + 1), "model-" + i % 7)));
    }

    assertThat(overTwoProcesses(events, SMALL)).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  void theMostAndLongestFitIntoAFileOfTheUsualSize() throws IOException {
    List<UsageEvent> events = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      events.add(made.numbered(i).withFailed(failed(MOST, "\uFFFD".repeat(512))));
    }

    assertThat(overTwoProcesses(events, USUAL)).containsExactlyInAnyOrderElementsOf(events);
  }

  @Test
  void whatFitsIntoNoFileCostsNotTheEvent() throws IOException {
    UsageEvent plain = made.numbered(1);
    UsageEvent event = plain.withFailed(failed(MOST, "\uFFFD".repeat(512)));
    UsageEvent next = made.numberedAfterFailures(2);

    assertThat(overTwoProcesses(List.of(event, next), SMALL))
        .containsExactlyInAnyOrder(plain, next);
  }

  private List<UsageEvent> overTwoProcesses(List<UsageEvent> events, int fileBytes)
      throws IOException {
    store.goAway();
    try (JournaledLedger ledger = open(fileBytes)) {
      for (UsageEvent event : events) {
        assertThat(ledger.record(event)).isTrue();
      }
      ledger.close(Duration.ZERO);
    }
    assertThat(store.events()).isEmpty();
    store.comeBack();
    open(fileBytes).close();
    return store.events();
  }

  /// To as many destinations, which are equal and yet not the same.
  private static List<FailedAttempt> failed(int count, String model) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Destination("chat.completions", model, model, model, model))
        .map(destination -> new FailedAttempt(destination, Outcome.PROVIDER_FAILED, 5))
        .toList();
  }

  private JournaledLedger open(int fileBytes) throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", fileBytes, 256 << 20);
    return JournaledLedger.open(settings, store, InstantSource.system());
  }
}
