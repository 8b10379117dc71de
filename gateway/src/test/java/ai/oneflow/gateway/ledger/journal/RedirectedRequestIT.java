package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.Rates;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.FrameReader.CutShort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the journal holds of a request that goes to another provider than at first. A ledger that
/// is closed leaves its files as one that is killed does.
class RedirectedRequestIT {
  private static final int SEGMENT = 128 << 10;
  private static final Rates OTHER_RATES = new Rates("v2", 1, 2, 4);

  @TempDir Path folder;
  private final FakeStore store = new FakeStore();
  private final List<UsageEvent> told = new CopyOnWriteArrayList<>();

  @Test
  void isChargedAsItsLastDestinationSaysIfItDies() throws IOException {
    Opening silent;
    Opening streaming;
    try (JournaledLedger ledger = open()) {
      silent = begin(ledger).redirect();
      OnItsWay other = begin(ledger);
      streaming = other.redirect();
      other.opened.input(23);
      other.opened.progress(7);
      assertThat(ledger.statistics().open()).isEqualTo(2);
    }
    assertThat(frames(journalFiles().getFirst(), FrameWriter.OPENED)).isEqualTo(4);

    carryOn();

    assertThat(told).containsExactly(silent.cutShort(0, 0), streaming.cutShort(23, 7));
    assertThat(store.events()).isEqualTo(told);
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void isChargedSoTooWhereItsFramesLieInTwoFiles() throws IOException {
    Opening next = leaveInTwoFiles();

    carryOn();

    assertThat(told).containsExactly(next.cutShort(0, 7));
  }

  /// Files that are made ahead may be taken in another order than they were named in.
  @Test
  void isChargedSoTooWhereTheFilesAreReadInTheOtherOrder() throws IOException {
    Opening next = leaveInTwoFiles();
    List<Path> files = journalFiles();
    Path aside = folder.resolve("aside");
    Files.move(files.getFirst(), aside);
    Files.move(files.getLast(), files.getFirst());
    Files.move(aside, files.getLast());

    carryOn();

    assertThat(told).containsExactly(next.cutShort(0, 7));
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void killedBeforeTheNewFrameIsWholeIsChargedAsBefore() throws IOException {
    EventId id;
    try (JournaledLedger ledger = open()) {
      id = begin(ledger).redirect().id();
    }
    loseTheLastFrame(journalFiles().getFirst());

    carryOn();

    assertThat(told).containsExactly(Openings.numbered(10, id).cutShort(9, 5));
  }

  @Test
  void leavesItsEventAloneWhenItEnds() throws IOException {
    UsageEvent end;
    try (JournaledLedger ledger = open()) {
      OnItsWay request = begin(ledger);
      request.redirect();
      end = Openings.end(request.redirect(), 4);
      assertThat(request.opened.end(end)).isTrue();
      request.redirect();
      assertThat(ledger.statistics().open()).isZero();
    }

    assertThat(store.events()).containsExactly(end);
    assertThat(journalFiles()).isEmpty();
  }

  @Test
  void keepsOnlyTheFileOfItsLastFrame() throws IOException {
    Opening next;
    try (JournaledLedger ledger = open()) {
      OnItsWay request = begin(ledger);
      Path first = fileOfTheOpening();
      fillAFile(ledger);
      next = request.redirect();
      await().until(() -> Files.notExists(first));
      assertThat(ledger.statistics().open()).isEqualTo(1);
    }

    carryOn();

    assertThat(told).containsExactly(next.cutShort(0, 0));
  }

  @Test
  void keepsItsLastDestinationWhenItsFrameIsWrittenAnew() throws IOException {
    Opening next;
    try (JournaledLedger ledger = open()) {
      OnItsWay request = begin(ledger);
      next = request.redirect();
      for (int file = 1; file <= 12; file++) {
        fillAFile(ledger);
        request.opened.progress(file);
      }
      await().until(() -> ledger.statistics().journalBytes() <= 8L * SEGMENT);
    }

    carryOn();

    assertThat(told).containsExactly(next.cutShort(0, 12));
  }

  @Test
  void aFrameIsAfterAnotherThoughItsEditionHasComeRound() {
    Opening opening = Openings.numbered(10, new EventId(1, 2));
    CutShort late = new CutShort(opening, Short.MAX_VALUE, 0, 0);
    CutShort later = new CutShort(opening, Short.MIN_VALUE, 0, 0);

    assertThat(later.isAfter(late)).isTrue();
    assertThat(late.isAfter(later)).isFalse();
    assertThat(late.isAfter(late)).isTrue();
  }

  @Test
  void keepsItsId() throws IOException {
    try (JournaledLedger ledger = open()) {
      OnItsWay request = begin(ledger);
      Opening another = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));

      assertThatThrownBy(() -> request.opened.redirect(another))
          .hasMessageContaining("must keep its id");
      assertThat(ledger.statistics().open()).isEqualTo(1);
    }
  }

  private Opening leaveInTwoFiles() throws IOException {
    store.goAway();
    Opening next;
    try (JournaledLedger ledger = open()) {
      OnItsWay request = begin(ledger);
      fillAFile(ledger);
      next = request.redirect();
      request.opened.progress(7);
      ledger.close(Duration.ZERO);
    }
    List<Path> files = journalFiles();
    assertThat(files).hasSize(2);
    assertThat(frames(files.getFirst(), FrameWriter.OPENED)).isEqualTo(1);
    assertThat(frames(files.getLast(), FrameWriter.OPENED)).isEqualTo(1);
    store.comeBack();
    return next;
  }

  /// A request and what it was opened with.
  private record OnItsWay(Opened opened, Opening first) {
    Opening redirect() {
      Opening next = new Opening(first.id(), Events.BOB, Events.EMBEDDINGS, true, OTHER_RATES, 30);
      opened.redirect(next);
      return next;
    }
  }

  /// It has made some progress already.
  private static OnItsWay begin(JournaledLedger ledger) {
    Opening first = Openings.numbered(10, ledger.nextId(System.currentTimeMillis()));
    Opened opened = ledger.open(first);
    opened.progress(5);
    opened.input(9);
    return new OnItsWay(opened, first);
  }

  private static void fillAFile(JournaledLedger ledger) {
    for (int i = 0; i < SEGMENT / 128; i++) {
      ledger.record(Events.numbered(i, ledger.nextId(System.currentTimeMillis())));
    }
  }

  private Path fileOfTheOpening() throws IOException {
    for (Path file : journalFiles()) {
      if (frames(file, FrameWriter.OPENED) > 0) {
        return file;
      }
    }
    throw new AssertionError("no file holds it");
  }

  private static int frames(Path file, byte type) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    for (int at = SegmentHeader.BYTES; bytes.getInt(at) > 0; at = next(bytes, at)) {
      count += bytes.get(at + Segment.FRAME_HEADER) == type ? 1 : 0;
    }
    return count;
  }

  /// As where the process is killed before it stored the frame's length.
  private static void loseTheLastFrame(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    int last = SegmentHeader.BYTES;
    while (bytes.getInt(next(bytes, last)) > 0) {
      last = next(bytes, last);
    }
    bytes.putInt(last, 0);
    Files.write(file, whole);
  }

  private static int next(ByteBuffer bytes, int at) {
    return Segment.next(at, bytes.getInt(at));
  }

  private void carryOn() throws IOException {
    JournaledLedger ledger = open();
    ledger.close();
    assertThat(ledger.statistics().recovered()).isEqualTo(told.size());
  }

  private JournaledLedger open() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", SEGMENT, 64 << 20);
    return JournaledLedger.open(settings, store, InstantSource.system(), told::add);
  }

  /// In the order in which they are read.
  private List<Path> journalFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".journal")).sorted().toList();
    }
  }
}
