package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the journal holds of requests that are on their way, over the end of a process that did not
/// end them. A ledger that is closed leaves its files as one that is killed does.
class OpenRequestsIT {
  private static final int SEGMENT = 128 << 10;
  private static final Duration NO_PATIENCE = Duration.ZERO;

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();
  private final List<UsageEvent> told = new CopyOnWriteArrayList<>();

  @Test
  void aRequestThatEndsLeavesItsEventAlone() throws IOException {
    try (JournaledLedger ledger = open()) {
      Opening opening = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
      Opened opened = ledger.open(opening);
      assertThat(ledger.statistics().open()).isEqualTo(1);
      await().until(() -> ledger.statistics().backlogBytes() == 0);
      opened.progress(3);
      assertThat(opened.end(Openings.end(opening, 4))).isTrue();
      opened.progress(5);
      assertThat(ledger.statistics().open()).isZero();
    }

    assertThat(store.events()).extracting(each -> each.usage().outputTokens()).containsExactly(4L);
    assertThat(journalFiles()).isEmpty();
    carryOn();
    assertThat(told).isEmpty();
  }

  @Test
  void aRequestThatDiesIsChargedByItsLastProgressAndItsOwnerIsTold() throws IOException {
    Opening silent;
    Opening streaming;
    try (JournaledLedger ledger = open()) {
      silent = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
      streaming = Openings.numbered(20, ledger.nextId(System.currentTimeMillis()));
      ledger.open(silent);
      Opened opened = ledger.open(streaming);
      opened.progress(1);
      opened.input(23);
      opened.progress(2);
    }
    assertThat(store.events()).isEmpty();

    carryOn();

    assertThat(store.events())
        .containsExactly(Openings.died(silent, 10, 0), Openings.died(streaming, 23, 2));
    assertThat(told).isEqualTo(store.events());
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void anEndThatSqlHadAlreadyWins() throws IOException {
    Opening opening;
    try (JournaledLedger ledger = open()) {
      opening = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
      ledger.open(opening);
      store.add("pod-1", List.of(Openings.end(opening, 4)));
    } catch (java.sql.SQLException e) {
      throw new IOException(e);
    }

    carryOn();

    assertThat(store.events()).containsExactly(Openings.end(opening, 4));
    assertThat(told).isEmpty();
  }

  @Test
  void anEndInAnotherFileWins() throws IOException {
    store.goAway();
    Opening opening;
    try (JournaledLedger ledger = open()) {
      opening = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
      Opened opened = ledger.open(opening);
      fillAFile(ledger);
      opened.end(Openings.end(opening, 4));
      ledger.close(NO_PATIENCE);
    }
    assertThat(journalFiles()).hasSizeGreaterThan(1);
    store.comeBack();

    carryOn();

    assertThat(store.events()).contains(Openings.end(opening, 4));
    assertThat(told).isEmpty();
  }

  @Test
  void anAnswerThatIsLostTellsTheOwnerOnceAllTheSame() throws IOException {
    Opening opening;
    try (JournaledLedger ledger = open()) {
      opening = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
      ledger.open(opening);
    }
    store.loseTheNextAnswer();

    carryOn();

    assertThat(told).containsExactly(Openings.died(opening, 10, 0));
  }

  /// Its frame is written anew again and again; the files before it go.
  @Test
  void aStreamOfHoursKeepsAFewFilesAndLosesNoProgress() throws IOException {
    Opening opening;
    try (JournaledLedger ledger = open()) {
      opening = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
      Opened opened = ledger.open(opening);
      for (int file = 1; file <= 12; file++) {
        fillAFile(ledger);
        opened.progress(file);
      }
      await().until(() -> ledger.statistics().journalBytes() <= 8L * SEGMENT);
      assertThat(ledger.statistics().open()).isEqualTo(1);
      opened.progress(1_000_000);
    }

    carryOn();

    assertThat(told).containsExactly(Openings.died(opening, 10, 1_000_000));
  }

  @Test
  void manyStreamsAreEachChargedByTheirOwnProgress() throws IOException {
    List<UsageEvent> expected = new ArrayList<>();
    try (JournaledLedger ledger = open()) {
      List<Opened> handles = new ArrayList<>();
      List<Opening> openings = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        openings.add(Openings.numbered(i, ledger.nextId(System.currentTimeMillis())));
        handles.add(ledger.open(openings.getLast()));
      }
      for (int i = 0; i < 5_000; i++) {
        handles.get(i).progress(2L * i);
        if (i % 3 == 0) {
          handles.get(i).end(Openings.end(openings.get(i), 1));
        } else {
          expected.add(Openings.died(openings.get(i), i, 2L * i));
        }
      }
    }

    carryOn();

    assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(store.events()).hasSize(5_000);
  }

  private static void fillAFile(JournaledLedger ledger) {
    for (int i = 0; i < SEGMENT / 128; i++) {
      ledger.record(Events.numbered(i, ledger.nextId(System.currentTimeMillis())));
    }
  }

  private void carryOn() throws IOException {
    JournaledLedger ledger = open();
    ledger.close();
    assertThat(ledger.statistics().backlogBytes()).isZero();
    assertThat(ledger.statistics().recovered()).isEqualTo(told.size());
  }

  private JournaledLedger open() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", SEGMENT, 64 << 20);
    return JournaledLedger.open(settings, store, InstantSource.system(), told::add);
  }

  private List<Path> journalFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().contains(".journal")).toList();
    }
  }
}
