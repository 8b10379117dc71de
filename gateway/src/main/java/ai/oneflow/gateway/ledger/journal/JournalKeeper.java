package ai.oneflow.gateway.ledger.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that does what may block on the disk, so that a recording thread never does: makes
/// files ahead, forces what SQL does not have yet once a second, and deletes what SQL has.
///
/// It is not the writer, since the writer may hang on a database for half a minute.
final class JournalKeeper implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalKeeper.class);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration FORCE_EVERY = Duration.ofSeconds(1);

  private final Journal journal;
  private volatile boolean stopping;

  JournalKeeper(Journal journal) {
    this.journal = journal;
  }

  @Override
  public void run() {
    long forced = System.nanoTime();
    while (!stopping) {
      try {
        journal.prepareSpares();
        journal.deleteReleased();
        if (System.nanoTime() - forced >= FORCE_EVERY.toNanos()) {
          forced = System.nanoTime();
          journal.force();
        }
      } catch (IOException | RuntimeException e) {
        LOG.atError().setCause(e).log("journal cannot be kept");
      }
      LockSupport.parkNanos(this, PAUSE.toNanos());
    }
  }

  void stop() {
    stopping = true;
  }
}
