package ai.oneflow.gateway.ledger.journal;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where the writer must stop, and who waits for it to come to some point.
///
/// Whoever sums SQL up while the writer stands at a [Cut] knows which events are in the sum: those
/// on this side of it, each of them and no other.
final class Pause {
  private final Queue<Cut> awaited = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Cut at;

  /// A cut is being drawn. What the writer finds in the journal meanwhile may lie beyond it.
  private volatile boolean drawing;

  private volatile boolean lifted;

  /// Stops the writer at the cut, in the place of one at which it was to stop before.
  ///
  /// @return done when it stands there
  synchronized CompletableFuture<Void> stopAt(Supplier<Cut> draw) {
    drawing = true;
    try {
      Cut cut = draw.get();
      forget();
      at = cut;
      return cut.stored();
    } finally {
      drawing = false;
    }
  }

  /// Lets the writer go on.
  synchronized void end() {
    forget();
    at = null;
  }

  private void forget() {
    Cut former = at;
    if (former != null) {
      former.stored().cancel(false);
    }
  }

  /// Done when the writer has come to the cut, where it does not stop.
  CompletableFuture<Void> pass(Cut cut) {
    awaited.add(cut);
    return cut.stored();
  }

  /// Writer: up to which byte of the file it may read. Asked after a frame was seen there: one that
  /// was there before a cut began to be drawn is on this side of it.
  long endOf(Segment segment) {
    if (lifted) {
      return Long.MAX_VALUE;
    }
    if (drawing) {
      return 0;
    }
    Cut cut = at;
    return cut == null || segment.isLeftover() ? Long.MAX_VALUE : cut.endOf(segment);
  }

  /// Writer: whether somebody waits for it.
  boolean isAwaited() {
    Cut cut = at;
    return !awaited.isEmpty() || (cut != null && !cut.isReached());
  }

  /// Writer: whether it stands at its cut, where there is nothing to do.
  boolean isOn() {
    Cut cut = at;
    return !lifted && cut != null && cut.isReached();
  }

  /// Writer: tells those whose cut it has come to.
  void check() {
    Cut cut = at;
    if (cut != null) {
      cut.check();
    }
    for (Cut waiting : awaited) {
      waiting.check();
    }
    awaited.removeIf(Cut::isReached);
  }

  /// The process ends, so all is to be written: no cut holds any more.
  void lift() {
    lifted = true;
  }
}
