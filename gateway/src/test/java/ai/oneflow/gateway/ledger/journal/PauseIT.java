package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PauseIT {
  private static final int CUTS = 20;
  private static final int THREADS = 3;
  private static final int EACH = 2_000;

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();
  private final Set<UsageEvent> recorded = ConcurrentHashMap.newKeySet();

  /// Held by those who record, for each event; by who draws a cut, alone.
  private final ReentrantReadWriteLock line = new ReentrantReadWriteLock(true);

  @Test
  void bringsWhatWasRecordedBeforeItAndNothingElse() throws Exception {
    int amid = 0;
    try (JournaledLedger ledger = open()) {
      for (int i = 1; i <= CUTS; i++) {
        int due = recorded.size() + EACH;
        List<Thread> threads = recordingThreads(ledger, i);
        while (recorded.size() < due) {
          Thread.onSpinWait();
        }
        Set<UsageEvent> before = cut(ledger);
        amid += before.size() < i * THREADS * EACH ? 1 : 0;
        assertThat(stored().equals(before)).isTrue();
        for (Thread thread : threads) {
          thread.join();
        }
        if (i % 2 == 0) {
          ledger.resume();
        }
      }
    }
    assertThat(amid).as("cuts while others record").isPositive();
    assertThat(recorded).hasSize(CUTS * THREADS * EACH);
    assertThat(stored().equals(recorded)).isTrue();
  }

  @Test
  void bringsOnlyOnceTheDatabaseIsBack() throws IOException {
    Events events = new Events(1);
    try (JournaledLedger ledger = open()) {
      store.goAway();
      record(ledger, events, 10);
      CompletableFuture<Void> drained = ledger.drainAndPause();
      await().until(() -> ledger.statistics().sqlFailures() > 0);
      assertThat(drained).isNotDone();
      Set<UsageEvent> before = Set.copyOf(recorded);
      record(ledger, events, 10);

      store.comeBack();

      drained.orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(stored()).isEqualTo(before);
    }
    assertThat(stored()).as("the end of the process lifts it").isEqualTo(recorded);
  }

  @Test
  void whoOnlyWaitsStopsNobody() throws IOException {
    Events events = new Events(1);
    try (JournaledLedger ledger = open()) {
      record(ledger, events, 100);
      ledger.drain().orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(stored()).isEqualTo(recorded);

      record(ledger, events, 1);
      await().until(() -> stored().equals(recorded));
    }
  }

  @Test
  void whoOnlyWaitsIsServedWhenTheWriterMayGoOn() throws IOException {
    Events events = new Events(1);
    try (JournaledLedger ledger = open()) {
      ledger.drainAndPause().orTimeout(10, TimeUnit.SECONDS).join();
      record(ledger, events, 100);
      CompletableFuture<Void> drained = ledger.drain();
      ledger.drainAndPause().orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(stored()).isEqualTo(recorded);

      ledger.resume();

      drained.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  private Set<UsageEvent> cut(JournaledLedger ledger) {
    Set<UsageEvent> before;
    CompletableFuture<Void> drained;
    line.writeLock().lock();
    try {
      before = Set.copyOf(recorded);
      drained = ledger.drainAndPause();
    } finally {
      line.writeLock().unlock();
    }
    drained.orTimeout(20, TimeUnit.SECONDS).join();
    return before;
  }

  private List<Thread> recordingThreads(JournaledLedger ledger, int round) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Events events = new Events(round * THREADS + i);
      threads.add(Thread.ofPlatform().start(() -> recordMany(ledger, events)));
    }
    return threads;
  }

  private void recordMany(JournaledLedger ledger, Events events) {
    for (int i = 0; i < EACH; i++) {
      line.readLock().lock();
      try {
        record(ledger, events, 1);
      } finally {
        line.readLock().unlock();
      }
    }
  }

  private void record(JournaledLedger ledger, Events events, int count) {
    for (int i = 0; i < count; i++) {
      UsageEvent event = events.numbered(i);
      assertThat(ledger.record(event)).isTrue();
      recorded.add(event);
    }
  }

  private Set<UsageEvent> stored() {
    return new HashSet<>(store.events());
  }

  private JournaledLedger open() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", 128 << 10, 64 << 20);
    return JournaledLedger.open(settings, store, InstantSource.system());
  }
}
