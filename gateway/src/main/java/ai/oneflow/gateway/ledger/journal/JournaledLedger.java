package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.Ledger;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.UsageEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ledger of a pod: a journal on its disk, and two threads behind it.
///
/// What [#record] accepted survives the death of the process, as it lies in the page cache then.
/// What SQL does not have yet is forced to the disk once a second, so a loss of power costs at most
/// the last second. Files of earlier processes are carried on at the start, each event once.
public final class JournaledLedger implements Ledger, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournaledLedger.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Journal journal;
  private final JournalCounters counters;
  private final InstantSource clock;
  private final SplittableRandom seeds;
  private final ThreadLocal<Lane> lane = ThreadLocal.withInitial(this::openLane);

  private final LedgerWriter writer;
  private final JournalKeeper keeper;
  private final Thread writerThread;
  private final Thread keeperThread;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JournaledLedger(
      Journal journal, JournalCounters counters, EventStore.Opener opener, InstantSource clock) {
    this.journal = journal;
    this.counters = counters;
    this.clock = clock;
    this.seeds = new SplittableRandom(new SecureRandom().nextLong());
    this.writer = new LedgerWriter(journal, opener, counters);
    this.keeper = new JournalKeeper(journal);
    this.writerThread = Thread.ofPlatform().daemon().name("ledger-writer").unstarted(writer);
    this.keeperThread = Thread.ofPlatform().daemon().name("ledger-keeper").unstarted(keeper);
  }

  /// Opens the journal and starts its threads; touches no database.
  ///
  /// @throws IOException where the folder cannot be used, or another process uses it
  public static JournaledLedger open(
      JournalSettings settings, EventStore.Opener opener, InstantSource clock) throws IOException {
    JournalFolder folder = JournalFolder.open(settings.folder(), clock.millis());
    JournalCounters counters = new JournalCounters();
    Journal journal = new Journal(settings, folder, counters);
    for (Path leftover : folder.leftovers()) {
      journal.adopt(leftover);
    }
    JournaledLedger ledger = new JournaledLedger(journal, counters, opener, clock);
    ledger.keeperThread.start();
    ledger.writerThread.start();
    return ledger;
  }

  @Override
  public boolean isAccepting() {
    return journal.isAccepting();
  }

  @Override
  public EventId nextId() {
    return lane.get().ids().next(clock.millis());
  }

  @Override
  public boolean record(UsageEvent event) {
    if (lane.get().append(event)) {
      return true;
    }
    counters.refused.increment();
    LOG.atError().addKeyValue("event", event.id()).log("usage event lost: journal unusable");
    return false;
  }

  @Override
  public LedgerStatistics statistics() {
    long events = 0;
    long bytes = 0;
    for (Segment segment : journal.live()) {
      events += segment.backlogEvents();
      bytes += segment.backlogBytes();
    }
    return new LedgerStatistics(
        events,
        bytes,
        journal.diskBytes(),
        counters.written.sum(),
        counters.duplicates.sum(),
        counters.refused.sum(),
        counters.torn.sum(),
        counters.unreadable.sum(),
        counters.sqlFailures.sum(),
        counters.stalls.sum(),
        journal.isAccepting());
  }

  /// Writes what is left to SQL, for ten seconds at most; the rest stays in the journal for the
  /// next start. The recording threads must have stopped.
  @Override
  public void close() throws IOException {
    close(PATIENCE);
  }

  /// As [#close()], with this patience. A second call does nothing.
  public void close(Duration patience) throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    journal.sealAll();
    writer.stop(patience);
    LockSupport.unpark(writerThread);
    join(writerThread);
    keeper.stop();
    LockSupport.unpark(keeperThread);
    join(keeperThread);
    journal.close();
  }

  private Lane openLane() {
    journal.laneOpened();
    synchronized (seeds) {
      return new Lane(journal, new EventIds(seeds.split()));
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
