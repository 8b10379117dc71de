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

  /// On a full disk each try takes what little room SQLite may have there, which alone can free
  /// some.
  private static final Duration PAUSE_AFTER_A_FAULT = Duration.ofSeconds(1);

  private final Journal journal;
  private long forcedNanos = System.nanoTime();
  private volatile boolean stopping;

  JournalKeeper(Journal journal) {
    this.journal = journal;
  }

  @Override
  public void run() {
    while (!stopping) {
      Duration pause = keep() ? PAUSE : PAUSE_AFTER_A_FAULT;
      LockSupport.parkNanos(this, pause.toNanos());
    }
  }

  /// Whether all could be done.
  private boolean keep() {
    try {
      journal.deleteReleased();
      boolean prepared = journal.prepareSpares();
      if (System.nanoTime() - forcedNanos >= FORCE_EVERY.toNanos()) {
        forcedNanos = System.nanoTime();
        journal.force();
      }
      return prepared;
    } catch (IOException | RuntimeException e) {
      LOG.atError().setCause(e).log("journal cannot be kept");
      return false;
    }
  }

  void stop() {
    stopping = true;
  }
}
