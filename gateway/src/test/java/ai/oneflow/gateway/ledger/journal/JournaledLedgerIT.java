package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournaledLedgerIT {
  private static final int SEGMENT = 128 << 10;
  private static final Duration NO_PATIENCE = Duration.ZERO;

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();

  @Test
  void bringsEveryEventToTheStoreAndDeletesItsFiles() throws IOException {
    List<UsageEvent> events = new Events(1).many(5_000);
    try (JournaledLedger ledger = open(1 << 20)) {
      for (UsageEvent event : events) {
        assertThat(ledger.record(event)).isTrue();
      }
      await().until(() -> ledger.statistics().written() == 5_000);
      assertThat(ledger.statistics().backlogEvents()).isZero();
    }

    assertStored(events);
    assertThat(store.gateway()).isEqualTo("pod-1");
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void aStoreThatIsAwayGetsEverythingOnceItIsBack() throws IOException {
    store.goAway();
    List<UsageEvent> events = new Events(1).many(3_000);
    try (JournaledLedger ledger = open(4 << 20)) {
      events.forEach(ledger::record);
      await().until(() -> ledger.statistics().sqlFailures() >= 2);
      assertThat(ledger.statistics().backlogEvents()).isEqualTo(3_000);
      assertThat(ledger.statistics().backlogBytes()).isGreaterThan(3_000 * 120);

      store.comeBack();
      await().until(() -> ledger.statistics().backlogEvents() == 0);
    }
    assertStored(events);
  }

  @Test
  void anAnswerThatIsLostAfterTheCommitDoublesNothing() throws IOException {
    store.loseTheNextAnswer();
    List<UsageEvent> events = new Events(1).many(100);
    try (JournaledLedger ledger = open(1 << 20)) {
      events.forEach(ledger::record);
      await().until(() -> ledger.statistics().backlogEvents() == 0);
      assertThat(ledger.statistics().duplicates()).isPositive();
    }
    assertStored(events);
  }

  @Test
  void aFullJournalSaysSoKeepsRoomForRequestsOnTheirWayAndRecovers() throws IOException {
    store.goAway();
    Events events = new Events(1);
    List<UsageEvent> recorded = new ArrayList<>();
    try (JournaledLedger ledger = open(2 * SEGMENT)) {
      while (ledger.isAccepting()) {
        recorded.add(events.numbered(recorded.size()));
        assertThat(ledger.record(recorded.getLast())).isTrue();
      }
      recordAndRemember(ledger, events, 1_000, recorded);
      assertThat(ledger.statistics().accepting()).isFalse();
      assertThat(ledger.statistics().refused()).isZero();

      store.comeBack();
      await().until(ledger::isAccepting);
      await().until(() -> ledger.statistics().backlogEvents() == 0);
    }
    assertStored(recorded);
  }

  /// The folder is moved away and back, which is what a disk without room does to new files.
  @Test
  void aDiskThatTakesNoNewFilesStopsNewRequestsUntilItTakesThemAgain() throws IOException {
    Path elsewhere = folder.resolveSibling(folder.getFileName() + "-elsewhere");
    List<UsageEvent> recorded = new ArrayList<>();
    Events events = new Events(1);
    store.goAway();
    try (JournaledLedger ledger = open(8 << 20)) {
      recordAndRemember(ledger, events, 1, recorded);
      await().until(() -> ledger.statistics().journalBytes() == 3 * SEGMENT);

      Files.move(folder, elsewhere);
      recordAndRemember(ledger, events, 1_500, recorded);
      await().until(() -> !ledger.isAccepting());
      recordAndRemember(ledger, events, 500, recorded);

      Files.move(elsewhere, folder);
      store.comeBack();
      await().until(ledger::isAccepting);
      await().until(() -> ledger.statistics().backlogEvents() == 0);
    }
    assertStored(recorded);
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void anEventThatCannotBeRecordedIsRefusedAndCounted() throws IOException {
    store.goAway();
    Events events = new Events(1);
    try (JournaledLedger ledger = open(SEGMENT)) {
      UsageEvent event = events.numbered(1);
      while (ledger.record(event)) {
        event = events.numbered(1);
      }
      assertThat(ledger.statistics().refused()).isEqualTo(1);
      ledger.close(NO_PATIENCE);
    }
  }

  @Test
  void whatWasLeftIsCarriedOnAtTheNextStartUnderTheNameOfItsGateway() throws IOException {
    store.goAway();
    List<UsageEvent> events = new Events(1).many(2_000);
    try (JournaledLedger ledger = open(4 << 20)) {
      events.forEach(ledger::record);
      ledger.close(NO_PATIENCE);
    }
    assertThat(journalFiles()).isNotEmpty();
    store.comeBack();

    JournalSettings settings = new JournalSettings(folder, "pod-2", SEGMENT, 4 << 20);
    try (JournaledLedger next = JournaledLedger.open(settings, store, InstantSource.system())) {
      await().until(() -> next.statistics().written() == 2_000);
    }
    assertStored(events);
    assertThat(store.gateway()).isEqualTo("pod-1");
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void eachThreadRecordsWithoutTheOthers() throws Exception {
    try (JournaledLedger ledger = open(8 << 20)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        threads.add(Thread.ofPlatform().start(() -> recordMany(ledger)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      await().until(() -> ledger.statistics().backlogEvents() == 0);
    }
    assertThat(store.events()).hasSize(20_000);
  }

  @Test
  void aFileThatIsNoJournalIsSetAside() throws IOException {
    Files.writeString(folder.resolve("0-1.journal"), "not a journal");
    try (JournaledLedger ledger = open(1 << 20)) {
      assertThat(ledger.statistics().unreadable()).isEqualTo(1);
    }
    assertThat(folder.resolve("0-1.journal.unreadable")).hasContent("not a journal");
  }

  @Test
  void twoGatewaysCannotShareAFolder() throws IOException {
    try (JournaledLedger first = open(1 << 20)) {
      assertThat(first.isAccepting()).isTrue();
      assertThatThrownBy(() -> open(1 << 20))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("another gateway uses the journal in ");
    }
  }

  /// In any order: files of one process are read one after the other, but nothing rests on it.
  private void assertStored(List<UsageEvent> events) {
    assertThat(store.events()).hasSize(events.size());
    assertThat(new HashSet<>(store.events()).equals(new HashSet<>(events))).isTrue();
  }

  private static void recordAndRemember(
      JournaledLedger ledger, Events events, int count, List<UsageEvent> recorded) {
    for (int i = 0; i < count; i++) {
      recorded.add(events.numbered(recorded.size()));
      assertThat(ledger.record(recorded.getLast())).isTrue();
    }
  }

  private static void recordMany(JournaledLedger ledger) {
    for (int i = 0; i < 5_000; i++) {
      ledger.record(Events.numbered(i, ledger.nextId(System.currentTimeMillis())));
    }
  }

  private JournaledLedger open(long maxBytes) throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", SEGMENT, maxBytes);
    return JournaledLedger.open(settings, store, InstantSource.system());
  }

  private List<Path> journalFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains(".journal")).toList();
    }
  }
}
