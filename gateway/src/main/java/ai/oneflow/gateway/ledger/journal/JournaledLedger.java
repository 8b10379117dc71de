package ai.oneflow.gateway.ledger.journal;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.EventIds;
import ai.oneflow.gateway.ledger.EventStore;
import ai.oneflow.gateway.ledger.Ledger;
import ai.oneflow.gateway.ledger.LedgerStatistics;
import ai.oneflow.gateway.ledger.Opened;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.ledger.PriceLists;
import ai.oneflow.gateway.ledger.UsageEvent;
import ai.oneflow.gateway.ledger.journal.LedgerWriter.Behind;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The ledger of a pod: a journal on its disk, and two threads behind it.
///
/// What [#record] accepted survives the death of the process, as it lies in the page cache then.
/// What SQL does not have yet is forced to the disk once a second, so a loss of power costs at most
/// the last second. Files of earlier processes are carried on at the start, each event once.
public final class JournaledLedger implements Ledger, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Journal journal;
  private final JournalCounters counters;
  private final PriceListFiles priceLists;
  private final SplittableRandom seeds;
  private final ThreadLocal<Lane> lane = ThreadLocal.withInitial(this::openLane);

  /// What all threads share that record seldom; none before the first of them.
  private @Nullable Lane aside;

  private final LedgerWriter writer;
  private final JournalKeeper keeper;
  private final Thread writerThread;
  private final Thread keeperThread;
  private final AtomicBoolean closed = new AtomicBoolean();

  private JournaledLedger(Journal journal, Behind behind, LedgerWriter writer) {
    this.journal = journal;
    this.counters = behind.counters();
    this.priceLists = behind.priceLists();
    this.seeds = new SplittableRandom(new SecureRandom().nextLong());
    this.writer = writer;
    this.keeper = new JournalKeeper(journal);
    this.writerThread = Thread.ofPlatform().daemon().name("ledger-writer").unstarted(writer);
    this.keeperThread = Thread.ofPlatform().daemon().name("ledger-keeper").unstarted(keeper);
  }

  /// Opens the journal and starts its threads; touches no database.
  ///
  /// @throws IOException where the folder cannot be used, or another process uses it
  public static JournaledLedger open(
      JournalSettings settings, EventStore.Opener opener, InstantSource clock) throws IOException {
    return open(settings, opener, clock, _ -> {});
  }

  /// As above.
  ///
  /// @param recovered told of each event of a request that died with an earlier process, if SQL did
  ///     not have it yet, once it is there: what was counted for the request can be put right. On
  ///     the writer's thread; a process that is killed between the two tells nobody
  public static JournaledLedger open(
      JournalSettings settings,
      EventStore.Opener opener,
      InstantSource clock,
      Consumer<UsageEvent> recovered)
      throws IOException {
    JournalFolder folder = JournalFolder.open(settings.folder(), clock.millis());
    JournalCounters counters = new JournalCounters();
    Journal journal = new Journal(settings, folder, counters);
    for (Path leftover : folder.leftovers()) {
      journal.adopt(leftover);
    }
    PriceListFiles priceLists = new PriceListFiles(settings.folder(), clock);
    priceLists.takeUp();
    Behind behind = new Behind(counters, new Leftovers(recovered, counters), priceLists);
    JournaledLedger ledger =
        new JournaledLedger(journal, behind, new LedgerWriter(journal, opener, behind));
    ledger.keeperThread.start();
    ledger.writerThread.start();
    return ledger;
  }

  @Override
  public boolean isAccepting() {
    return journal.isAccepting();
  }

  @Override
  public EventId nextId(long startMillis) {
    return lane.get().ids().next(startMillis);
  }

  @Override
  public Opened open(Opening opening) {
    return lane.get().open(opening);
  }

  @Override
  public boolean record(UsageEvent event) {
    return lane.get().record(event);
  }

  /// As [#record], for threads that do not live long: they have one part of the journal together,
  /// since one of its own would outlive each of them. Waits for others that do this.
  public synchronized boolean recordAside(UsageEvent event) {
    Lane shared = aside;
    if (shared == null) {
      shared = openLane();
      aside = shared;
    }
    return shared.record(event);
  }

  /// Where price lists are kept that charges are made by.
  public PriceLists priceLists() {
    return priceLists;
  }

  /// Whether SQL has all that earlier processes left in the journal.
  public boolean isCarriedOn() {
    return writer.isCarriedOn();
  }

  /// Brings all that was recorded so far into SQL.
  ///
  /// @return done then, which is after [#resume] where the way into SQL is paused
  public CompletableFuture<Void> drain() {
    CompletableFuture<Void> drained = writer.pause().pass(journal.cut());
    LockSupport.unpark(writerThread);
    return drained;
  }

  /// Brings all that was recorded so far into SQL, and nothing that is recorded later until
  /// [#resume]: that waits in the journal. Asked again meanwhile, it brings what came since.
  ///
  /// @return done then; cancelled by [#resume], and when it is asked again
  public CompletableFuture<Void> drainAndPause() {
    CompletableFuture<Void> drained = writer.pause().stopAt(journal::cut);
    LockSupport.unpark(writerThread);
    return drained;
  }

  /// Goes on after [#drainAndPause].
  public void resume() {
    writer.pause().end();
    LockSupport.unpark(writerThread);
  }

  @Override
  public LedgerStatistics statistics() {
    long events = 0;
    long bytes = 0;
    long open = 0;
    for (Segment segment : journal.live()) {
      events += segment.backlogEvents();
      bytes += segment.backlogBytes();
      open += segment.open();
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
        open,
        counters.recovered.sum(),
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
