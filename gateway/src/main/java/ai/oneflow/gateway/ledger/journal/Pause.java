package ai.oneflow.gateway.ledger.journal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Stops the writer at a moment when SQL has all that the journal had, until it may go on. Whoever
/// sums SQL up meanwhile knows which events are in the sum: those recorded before the pause.
final class Pause {
  private final AtomicReference<@Nullable CompletableFuture<Void>> wanted = new AtomicReference<>();
  private volatile boolean paused;

  /// Done once all that was recorded before this call is in SQL and the writer stands still. Asked
  /// for while it stands, it brings what came since.
  CompletableFuture<Void> request() {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> asked = wanted.updateAndGet(other -> other == null ? mine : other);
    paused = false;
    return asked == null ? mine : asked;
  }

  void end() {
    CompletableFuture<Void> dropped = wanted.getAndSet(null);
    paused = false;
    if (dropped != null) {
      dropped.cancel(false);
    }
  }

  /// What the pass that begins now would fulfil; absent where nobody waits.
  @Nullable CompletableFuture<Void> pending() {
    return wanted.get();
  }

  /// A pass that began when this was pending has found nothing more to write.
  void fulfil(CompletableFuture<Void> pending) {
    if (wanted.compareAndSet(pending, null)) {
      paused = true;
      pending.complete(null);
    }
  }

  /// Nothing may be written.
  boolean isOn() {
    return paused && wanted.get() == null;
  }
}
