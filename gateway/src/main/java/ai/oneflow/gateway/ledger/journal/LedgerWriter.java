package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.FrameReader.CutShort;
import ai.oneflow.gateway.ledger.journal.SegmentReader.State;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that carries events from the journal to the database, in batches of one transaction.
///
/// The same batch is tried again until the database has it; the event ids make that harmless. The
/// database is opened here and not at the start of the process, for the journal makes that safe.
final class LedgerWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
  private static final int MOST_EVENTS = 4_000;
  private static final int MANY_EVENTS = 100;
  private static final Duration OPEN_AT_LATEST_AFTER = Duration.ofSeconds(2);
  private static final long FIRST_BACKOFF_MILLIS = 100;
  private static final long LONGEST_BACKOFF_MILLIS = 10_000;

  /// What a pass over the journal found, and with it how long the thread rests: events that come
  /// meanwhile share a transaction, and with it the price of a commit. Under load it rests long,
  /// since a thread that wakes up often costs the event loops more than its own time: where cores
  /// are few, the kernel moves them about.
  private enum Found {
    NOTHING(Duration.ofMillis(50)),
    FEW(Duration.ofMillis(50)),
    MANY(Duration.ofSeconds(1)),
    MORE(Duration.ZERO);

    private final Duration rest;

    Found(Duration rest) {
      this.rest = rest;
    }

    static Found of(int events) {
      if (events == MOST_EVENTS) {
        return MORE;
      }
      return events < MANY_EVENTS ? FEW : MANY;
    }

    Found and(Found other) {
      return compareTo(other) < 0 ? other : this;
    }
  }

  private final Journal journal;
  private final EventStore.Opener opener;
  private final JournalCounters counters;
  private final Leftovers leftovers;
  private final PriceListFiles priceLists;
  private final List<SegmentReader> readers = new ArrayList<>();
  private final long openAtNanos = System.nanoTime() + OPEN_AT_LATEST_AFTER.toNanos();

  private @Nullable EventStore store;
  private final Pause pause = new Pause();
  private int failuresInARow;
  private volatile boolean stopping;
  private volatile long deadlineNanos;

  /// What the writer looks after beside the files of this process.
  record Behind(JournalCounters counters, Leftovers leftovers, PriceListFiles priceLists) {}

  LedgerWriter(Journal journal, EventStore.Opener opener, Behind behind) {
    this.journal = journal;
    this.opener = opener;
    this.counters = behind.counters();
    this.leftovers = behind.leftovers();
    this.priceLists = behind.priceLists();
  }

  @Override
  public void run() {
    boolean finished = false;
    while (!finished) {
      boolean sawTheEnd = stopping;
      Found found = pause.isOn() ? Found.NOTHING : attempt();
      finished = sawTheEnd && isFinished(found);
      if (!finished) {
        LockSupport.parkNanos(this, restNanos(found));
      }
    }
    if (store != null) {
      store.close();
    }
  }

  /// The caller unparks the thread.
  Pause pause() {
    return pause;
  }

  /// Whether SQL has what earlier processes left; any thread.
  boolean isCarriedOn() {
    return leftovers.isConcluded();
  }

  /// Ends when all is written, or at the deadline. The caller unparks the thread.
  void stop(Duration patience) {
    deadlineNanos = System.nanoTime() + patience.toNanos();
    pause.lift();
    stopping = true;
  }

  /// Asked after an attempt that began when no event could follow any more.
  private boolean isFinished(Found found) {
    boolean drained =
        found == Found.NOTHING
            && failuresInARow == 0
            && readers.isEmpty()
            && leftovers.isConcluded();
    return drained || System.nanoTime() - deadlineNanos >= 0;
  }

  private Found attempt() {
    Found found = tried();
    pause.check();
    return found;
  }

  private Found tried() {
    try {
      Found found = pass();
      if (failuresInARow > 0) {
        LOG.atInfo().addKeyValue("failures", failuresInARow).log("ledger database is back");
      }
      failuresInARow = 0;
      return found;
    } catch (SQLException | IOException | RuntimeException e) {
      counters.sqlFailures.increment();
      failuresInARow++;
      LOG.atWarn()
          .addKeyValue("failures", failuresInARow)
          .addKeyValue("reason", rootOf(e).toString())
          .log("ledger database cannot be written");
      return Found.NOTHING;
    }
  }

  private Found pass() throws SQLException, IOException {
    for (Segment next = journal.pollUnread(); next != null; next = journal.pollUnread()) {
      readers.add(new SegmentReader(next, pause, opened(next)));
    }
    priceLists.store(this::openStore);
    Found found = Found.NOTHING;
    boolean leftoversRead = true;
    for (Iterator<SegmentReader> each = readers.iterator(); each.hasNext(); ) {
      SegmentReader reader = each.next();
      boolean isLeftover = reader.segment().isLeftover();
      if (isLeftover && !leftoversRead) {
        continue; // its turn comes when the one before it is read
      }
      found = found.and(write(reader));
      if (isLetGo(reader)) {
        each.remove();
        found = isLeftover ? Found.MORE : found;
      } else if (isLeftover) {
        leftoversRead = false;
      }
    }
    if (leftoversRead && !leftovers.isConcluded()) {
      concludeLeftovers();
    }
    if (store == null && System.nanoTime() - openAtNanos >= 0) {
      openStore();
    }
    return found;
  }

  private Consumer<CutShort> opened(Segment segment) {
    return segment.isLeftover() ? leftovers.openedIn(segment) : FrameReader.UNHEARD;
  }

  private void concludeLeftovers() throws SQLException {
    if (leftovers.isEmpty()) {
      leftovers.concluded();
    } else {
      leftovers.conclude(openStore());
    }
  }

  /// Nothing more is to be read. When the process ends, a request that was never ended keeps its
  /// file for the next one.
  private boolean isLetGo(SegmentReader reader) {
    Segment segment = reader.segment();
    boolean isLeft = stopping && reader.state() != State.READING && segment.open() > 0;
    return segment.isReleased() || leftovers.isHolding(segment) || isLeft;
  }

  private Found write(SegmentReader reader) throws SQLException, IOException {
    Segment segment = reader.segment();
    try {
      List<UsageEvent> batch = reader.batch(MOST_EVENTS);
      if (batch.isEmpty()) {
        reader.confirm(); // what was read without an event in it: definitions, open requests
        finish(reader);
        return Found.NOTHING;
      }
      int added = openStore().add(segment.gateway(), batch);
      counters.written.add(added);
      counters.duplicates.add(batch.size() - added);
      leftovers.ended(batch);
      Found found = Found.of(batch.size());
      reader.confirm();
      return found;
    } catch (UnreadableSegmentException e) {
      journal.setAside(segment, e);
      return Found.MORE;
    }
  }

  /// Lets go of a file that has been read to its end.
  private void finish(SegmentReader reader) {
    Segment segment = reader.segment();
    if (reader.state() == State.READING || segment.open() > 0) {
      return;
    }
    if (reader.state() == State.TORN) {
      counters.torn.increment();
      LOG.atWarn()
          .addKeyValue("file", segment.file())
          .addKeyValue("bytes", reader.bytesAfterTheLastFrame())
          .log("journal file is torn, its end is dropped");
    }
    if (segment.isLeftover()) {
      leftovers.finish(segment);
    } else {
      segment.release();
    }
  }

  private EventStore openStore() throws SQLException {
    EventStore open = store;
    if (open == null) {
      open = opener.open();
      store = open;
    }
    return open;
  }

  /// The first cause: what lies around it repeats the statement with its values.
  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /// Doubles with each failure; spread, so that many gateways do not come back at once.
  private long restNanos(Found found) {
    if (failuresInARow == 0) {
      boolean urgent = stopping || pause.isAwaited();
      return urgent && found != Found.NOTHING ? 0 : found.rest.toNanos();
    }
    int doublings = Math.min(failuresInARow - 1, 10);
    long longest = Math.min(LONGEST_BACKOFF_MILLIS, FIRST_BACKOFF_MILLIS << doublings);
    long millis = longest / 2 + ThreadLocalRandom.current().nextLong(longest / 2 + 1);
    return Duration.ofMillis(millis).toNanos();
  }
}
