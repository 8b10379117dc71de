package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.FailedAttempt;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.SegmentReader.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file of four definitions and five events after failed attempts, cut, zeroed and damaged at
/// every byte.
class TornSegmentIT {
  private static final int EVENTS = 5;
  private static final int EVENT_BYTES = 128 + 3 * 16;

  @TempDir Path folder;
  private List<UsageEvent> events = List.of();
  private byte[] whole = new byte[0];
  private int firstEventAt;
  private int end;

  @BeforeEach
  void writeAFile() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", 128 << 10, 1 << 20);
    Segment segment = Segment.create(folder.resolve("a.journal"), settings);
    FrameWriter frame = new FrameWriter();
    segment.append(frame.caller(Events.ALICE), 0);
    segment.append(frame.destination(Events.CHAT), 0);
    segment.append(frame.destination(Events.EMBEDDINGS), 0);
    segment.append(frame.priceVersion("v1"), 0);
    Events made = new Events(1);
    events = new ArrayList<>();
    for (int i = 1; i <= EVENTS; i++) {
      UsageEvent event = made.numberedAfterFailures(6 * i + 2);
      events.add(event);
      frame.event(event, 0, 0, 0);
      for (FailedAttempt attempt : event.failed()) {
        frame.failed(attempt, attempt.destination().equals(Events.CHAT) ? 0 : 1);
      }
      segment.append(frame, 1);
    }
    segment.unmap();
    whole = Files.readAllBytes(folder.resolve("a.journal"));
    end = endOf(whole);
    firstEventAt = end - EVENTS * EVENT_BYTES;
  }

  @Test
  void isReadToItsEnd() throws Exception {
    assertThat(read(whole)).isEqualTo(new Found(events, State.ENDED));
  }

  @Test
  void cutAtAnyByteYieldsTheWholeEventsBeforeTheCut() throws Exception {
    for (int length = SegmentHeader.BYTES; length <= end; length++) {
      Found found = read(Arrays.copyOf(whole, length));

      assertThat(found.events).as("cut at %d", length).isEqualTo(events.subList(0, before(length)));
      assertThat(found.state)
          .as("cut at %d", length)
          .isEqualTo(isBetweenFrames(length) ? State.ENDED : State.TORN);
    }
  }

  @Test
  void zeroedFromAnyByteYieldsTheWholeEventsBefore() throws Exception {
    for (int length = SegmentHeader.BYTES; length < end; length++) {
      byte[] bytes = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length);

      Found found = read(bytes);

      assertThat(found.events.size()).as("zero at %d", length).isBetween(before(length), EVENTS);
      assertThat(found.events).isEqualTo(events.subList(0, found.events.size()));
    }
  }

  @Test
  void aDamagedByteNeverYieldsAnEventThatWasNotRecorded() throws Exception {
    for (int at = SegmentHeader.BYTES; at < end; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x55;

      Found found = read(bytes);

      assertThat(found.events)
          .as("damaged at %d", at)
          .isEqualTo(events.subList(0, found.events.size()));
    }
  }

  @Test
  void aFileWithoutAHeaderIsSetAsideAndNotDropped() throws IOException {
    for (int length = 0; length < SegmentHeader.BYTES; length++) {
      byte[] bytes = Arrays.copyOf(whole, length);

      assertThatThrownBy(() -> read(bytes)).isInstanceOf(UnreadableSegmentException.class);
    }
  }

  @Test
  void aFileOfANewerFormatIsSetAsideAndNotDropped() throws IOException {
    byte[] bytes = whole.clone();
    bytes[Long.BYTES] = 4;
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, SegmentHeader.BYTES - Integer.BYTES);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(SegmentHeader.BYTES - Integer.BYTES, (int) crc.getValue());

    assertThatThrownBy(() -> read(bytes)).isInstanceOf(UnreadableSegmentException.class);
  }

  @Test
  void aFrameThatMakesNoSenseCostsNoEventBeforeIt() throws IOException {
    byte[] bytes = whole.clone();
    byte unknown = 9;
    CRC32C crc = new CRC32C();
    crc.update(unknown);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .position(end)
        .putInt(1)
        .putInt((int) crc.getValue())
        .put(unknown);
    Path journal = Files.createDirectory(folder.resolve("journal"));
    Files.write(journal.resolve("0-1.journal"), bytes);
    FakeStore store = new FakeStore();

    JournalSettings settings = new JournalSettings(journal, "pod-1", 128 << 10, 1 << 20);
    try (JournaledLedger ledger = JournaledLedger.open(settings, store, InstantSource.system())) {
      await().until(() -> ledger.statistics().unreadable() == 1);
    }

    assertThat(store.events()).isEqualTo(events);
    assertThat(journal.resolve("0-1.journal.unreadable")).hasBinaryContent(bytes);
  }

  private record Found(List<UsageEvent> events, State state) {}

  private Found read(byte[] bytes) throws IOException, UnreadableSegmentException {
    Path file = folder.resolve("cut.journal");
    Files.write(file, bytes);
    Segment segment = Segment.open(file);
    try {
      SegmentReader reader = new SegmentReader(segment, new Pause(), _ -> {});
      List<UsageEvent> found = new ArrayList<>();
      for (List<UsageEvent> batch = reader.batch(2); !batch.isEmpty(); batch = reader.batch(2)) {
        found.addAll(batch);
        reader.confirm();
      }
      return new Found(found, reader.state());
    } finally {
      segment.unmap();
    }
  }

  private int before(int length) {
    return Math.max(0, (length - firstEventAt) / EVENT_BYTES);
  }

  private boolean isBetweenFrames(int length) {
    int at = SegmentHeader.BYTES;
    while (at < length) {
      at = Segment.next(at, lengthAt(at));
    }
    return at == length || isZero(length);
  }

  /// Only the padding of the frame before is cut.
  private boolean isZero(int length) {
    int at = SegmentHeader.BYTES;
    while (Segment.next(at, lengthAt(at)) <= length) {
      at = Segment.next(at, lengthAt(at));
    }
    return at + Segment.FRAME_HEADER + lengthAt(at) <= length;
  }

  private int lengthAt(int at) {
    return lengthAt(whole, at);
  }

  private static int lengthAt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | ((bytes[at + 1] & 0xff) << 8);
  }

  private static int endOf(byte[] bytes) {
    int at = SegmentHeader.BYTES;
    while (lengthAt(bytes, at) > 0) {
      at = Segment.next(at, lengthAt(bytes, at));
    }
    return at;
  }
}
