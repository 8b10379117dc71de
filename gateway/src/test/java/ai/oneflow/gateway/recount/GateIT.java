package ai.oneflow.gateway.recount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.journal.FakeStore;
import ai.oneflow.gateway.ledger.journal.JournalSettings;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Counters in Redis that others take the place of while they have the way into SQL paused.
class GateIT {
  @TempDir Path folder;
  private final FakeStore store = new FakeStore();
  private final Events events = new Events(1);
  private final UnderWay underWay = new UnderWay();
  private JournaledLedger ledger;
  private Gate former;
  private Gate next;

  @BeforeEach
  void open() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", 128 << 10, 64 << 20);
    ledger = JournaledLedger.open(settings, store, InstantSource.system());
    former = new Gate(ledger, underWay);
    next = new Gate(ledger, underWay);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  @Test
  void aPauseDoesNotOutliveItsCounters() {
    done(former.drainAndPause());
    assertThat(ledger.record(events.numbered(1))).isTrue();

    former.close();

    await().until(() -> store.events().size() == 1);
  }

  @Test
  void nobodyEndsThePauseOfOthers() {
    done(former.drainAndPause());
    former.close();
    done(next.drainAndPause());

    former.resume();

    assertThat(ledger.record(events.numbered(1))).isTrue();
    CompletableFuture<Void> drained = ledger.drain();
    assertThatThrownBy(() -> drained.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(store.events()).isEmpty();
    next.resume();
    done(drained);
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void nobodyPausesWhoCountsNoLonger() {
    former.close();

    assertThat(former.drainAndPause()).isCompletedExceptionally();

    assertThat(ledger.record(events.numbered(1))).isTrue();
    await().until(() -> store.events().size() == 1);
  }

  private static void done(CompletableFuture<Void> drained) {
    drained.orTimeout(10, TimeUnit.SECONDS).join();
  }
}
