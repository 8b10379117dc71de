package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All files of the journal and the rule for how many there may be.
///
/// The bound is on *waiting* bytes: files that are full, or were left, and that SQL does not have
/// in whole. Where it is reached no new request is accepted, while [#RESERVE] more files are still
/// given to the requests that are on their way.
final class Journal {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int RESERVE = 8;

  private final JournalSettings settings;
  private final JournalFolder folder;
  private final JournalCounters counters;

  private final Queue<Segment> spares = new ConcurrentLinkedQueue<>();
  private final Queue<Segment> unread = new ConcurrentLinkedQueue<>();
  private final Queue<Segment> live = new ConcurrentLinkedQueue<>();
  private final AtomicInteger lanes = new AtomicInteger();
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile boolean broken;
  private volatile boolean closed;

  Journal(JournalSettings settings, JournalFolder folder, JournalCounters counters) {
    this.settings = settings;
    this.folder = folder;
    this.counters = counters;
  }

  boolean isAccepting() {
    return !broken && !closed && waitingBytes.get() < settings.maxBytes();
  }

  void laneOpened() {
    lanes.incrementAndGet();
  }

  /// A recording thread: an empty file, which it owns; null where there can be none.
  @Nullable Segment nextSegment() {
    if (closed || waitingBytes.get() >= hardBound()) {
      return null;
    }
    Segment segment = spares.poll();
    if (segment == null) {
      counters.stalls.increment();
      segment = create();
    }
    if (segment != null) {
      live.add(segment);
      unread.add(segment);
    }
    return segment;
  }

  /// A recording thread: there was no file for this event.
  void refused(EventId event) {
    counters.refused.increment();
    LOG.atError().addKeyValue("event", event).log("usage event lost: journal unusable");
  }

  /// A recording thread: its file is full.
  void seal(Segment segment) {
    if (!segment.isSealed()) {
      waitingBytes.addAndGet(segment.size());
      segment.seal();
    }
  }

  /// Keeper: makes files ahead, so that recording threads need not. Whether that could be done.
  boolean prepareSpares() {
    while (spares.size() <= lanes.get() && waitingBytes.get() < hardBound()) {
      Segment spare = create();
      if (spare == null) {
        return false;
      }
      spares.add(spare);
    }
    return true;
  }

  /// Keeper: brings to the disk what SQL does not have yet, open requests among it.
  void force() throws IOException {
    boolean backlog = false;
    for (Segment segment : live) {
      if (segment.backlogEvents() > 0 || segment.open() > 0) {
        backlog = true;
        segment.force();
      }
    }
    if (backlog) {
      folder.force();
    }
  }

  /// Keeper: deletes the files that SQL has in whole.
  void deleteReleased() throws IOException {
    for (Iterator<Segment> each = live.iterator(); each.hasNext(); ) {
      Segment segment = each.next();
      if (segment.isReleased()) {
        Files.deleteIfExists(segment.file());
        each.remove();
        segment.unmap();
        waitingBytes.addAndGet(-segment.size());
      }
    }
  }

  /// Writer: the next file that has no reader yet.
  @Nullable Segment pollUnread() {
    return unread.poll();
  }

  /// At the start: a file of an earlier process.
  void adopt(Path file) throws IOException {
    try {
      Segment segment = Segment.open(file);
      live.add(segment);
      unread.add(segment);
      waitingBytes.addAndGet(segment.size());
    } catch (UnreadableSegmentException e) {
      counters.unreadable.increment();
      LOG.atError().addKeyValue("file", file).setCause(e).log("journal file set aside");
      JournalFolder.setAside(file);
    }
  }

  /// Writer: a file whose frames make no sense.
  void setAside(Segment segment, Exception cause) throws IOException {
    counters.unreadable.increment();
    LOG.atError().addKeyValue("file", segment.file()).setCause(cause).log("journal file set aside");
    JournalFolder.setAside(segment.file());
    segment.release();
  }

  /// No event will follow; the recording threads must have stopped.
  void sealAll() {
    closed = true;
    for (Segment segment : live) {
      seal(segment);
    }
  }

  /// After the writer and the keeper have stopped.
  void close() throws IOException {
    deleteReleased();
    for (Segment segment : live) {
      segment.unmap();
    }
    for (Segment spare = spares.poll(); spare != null; spare = spares.poll()) {
      spare.unmap();
      Files.deleteIfExists(spare.file());
    }
    folder.close();
  }

  /// Any thread: between what is recorded and what will be.
  Cut cut() {
    return new Cut(live);
  }

  List<Segment> live() {
    return List.copyOf(live);
  }

  long diskBytes() {
    long used = 0;
    for (Segment segment : live) {
      used += segment.size();
    }
    return used + (long) spares.size() * settings.segmentBytes();
  }

  private long hardBound() {
    return settings.maxBytes() + (long) RESERVE * settings.segmentBytes();
  }

  private @Nullable Segment create() {
    try {
      Segment segment = Segment.create(folder.nextFile(), settings);
      broken = false;
      return segment;
    } catch (IOException e) {
      if (!broken) {
        LOG.atError().setCause(e).log("journal file cannot be made");
      }
      broken = true;
      return null;
    }
  }
}
