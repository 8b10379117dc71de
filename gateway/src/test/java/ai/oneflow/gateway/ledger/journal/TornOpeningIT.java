package ai.oneflow.gateway.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.Events;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.journal.FrameReader.CutShort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file of three definitions and three open requests, cut, zeroed and damaged at every byte.
class TornOpeningIT {
  private static final int REQUESTS = 3;
  private static final int FRAME_BYTES = 88;

  /// From here on a byte may be lost without a trace: zeros that end the price before the progress.
  private static final int OUTPUT_AT = 72 - 7;

  private static final long PRODUCED = 123_456;
  private static final long SAID = 99;

  @TempDir Path folder;
  private final List<CutShort> written = new ArrayList<>();
  private byte[] whole = new byte[0];
  private int firstAt;
  private int end;

  @BeforeEach
  void writeAFile() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", 128 << 10, 1 << 20);
    Segment segment = Segment.create(folder.resolve("a.journal"), settings);
    FrameWriter frame = new FrameWriter();
    segment.append(frame.caller(Events.ALICE), 0);
    segment.append(frame.destination(Events.CHAT), 0);
    end = segment.append(frame.priceVersion("v1"), 0) + Segment.next(0, frame.length()) - 8;
    firstAt = end;
    EventIds ids = new EventIds(new SplittableRandom(1));
    for (int i = 1; i <= REQUESTS; i++) {
      EventId id = ids.next(Events.NOW);
      Opening opening = Openings.numbered(i, id);
      int at = segment.append(frame.opened(new OpenRequest(lane(), opening), 0, 0, 0), 0);
      segment.overwrite(at + frame.length() - 16, ProgressWord.of(PRODUCED));
      segment.overwrite(at + frame.length() - 8, ProgressWord.of(SAID));
      written.add(new CutShort(opening, (short) 0, SAID, PRODUCED));
      end += FRAME_BYTES;
    }
    segment.unmap();
    whole = Files.readAllBytes(folder.resolve("a.journal"));
  }

  @Test
  void isReadToItsEndWithTheProgressThatWasWrittenOverIt() throws Exception {
    assertThat(read(whole)).isEqualTo(written);
  }

  @Test
  void cutAtAnyByteYieldsTheWholeRequestsBeforeTheCut() throws Exception {
    for (int length = SegmentHeader.BYTES; length <= end; length++) {
      int before = Math.max(0, (length - firstAt) / FRAME_BYTES);

      assertThat(read(Arrays.copyOf(whole, length)))
          .as("cut at %d", length)
          .isEqualTo(written.subList(0, before));
    }
  }

  @Test
  void zeroedFromAnyByteYieldsWholeRequestsOfWhichTheLastMayHaveLostItsProgress() throws Exception {
    for (int length = SegmentHeader.BYTES; length < end; length++) {
      byte[] bytes = Arrays.copyOf(Arrays.copyOf(whole, length), whole.length);

      assertAreTheWrittenOnes(read(bytes), length);
    }
  }

  @Test
  void aDamagedByteNeverYieldsARequestOrAProgressThatWasNotWritten() throws Exception {
    for (int at = SegmentHeader.BYTES; at < end; at++) {
      byte[] bytes = whole.clone();
      bytes[at] ^= 0x55;

      assertAreTheWrittenOnes(read(bytes), at);
    }
  }

  /// In order, but for a progress that cannot be believed, which is taken as none.
  private void assertAreTheWrittenOnes(List<CutShort> found, int at) {
    for (int i = 0; i < found.size(); i++) {
      CutShort is = found.get(i);
      CutShort was = written.get(i);
      assertThat(is.opening()).as("at %d", at).isEqualTo(was.opening());
      boolean touched = at >= firstAt + i * FRAME_BYTES + OUTPUT_AT;
      assertThat(List.of(is.outputTokens(), is.saidInputTokens()))
          .as("at %d", at)
          .isIn(
              List.of(
                  List.of(PRODUCED, SAID),
                  touched ? List.of(0L, SAID) : List.of(PRODUCED, SAID),
                  touched ? List.of(PRODUCED, 0L) : List.of(PRODUCED, SAID),
                  touched ? List.of(0L, 0L) : List.of(PRODUCED, SAID)));
    }
  }

  private Lane lane() throws IOException {
    JournalSettings settings = new JournalSettings(folder, "pod-1", 128 << 10, 1 << 20);
    JournalCounters counters = new JournalCounters();
    try (JournalFolder opened = JournalFolder.open(folder.resolve("lane"), 0)) {
      return new Lane(
          new Journal(settings, opened, counters), new EventIds(new SplittableRandom(2)));
    }
  }

  private List<CutShort> read(byte[] bytes) throws IOException, UnreadableSegmentException {
    Path file = folder.resolve("cut.journal");
    Files.write(file, bytes);
    Segment segment = Segment.open(file);
    try {
      List<CutShort> found = new ArrayList<>();
      SegmentReader reader = new SegmentReader(segment, new Pause(), found::add);
      assertThat(reader.batch(10)).isEmpty();
      return found;
    } finally {
      segment.unmap();
    }
  }
}
