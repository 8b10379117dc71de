package ai.oneflow.gateway.ledger.journal;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// A line across the journal: on this side of it lies what was recorded before it was drawn.
final class Cut {
  /// Of each file the first byte beyond. A file that was made later is beyond as a whole.
  private final IdentityHashMap<Segment, Long> ends = new IdentityHashMap<>();

  private final CompletableFuture<Void> stored = new CompletableFuture<>();
  private volatile boolean reached;

  /// Draws it now.
  ///
  /// @param live all files of the journal
  Cut(Iterable<Segment> live) {
    for (Segment segment : live) {
      ends.put(segment, segment.appendedBytes());
    }
  }

  long endOf(Segment segment) {
    return ends.getOrDefault(segment, 0L);
  }

  /// Done when [#isReached], or cancelled.
  CompletableFuture<Void> stored() {
    return stored;
  }

  /// Whether SQL has all on this side.
  boolean isReached() {
    return reached;
  }

  /// Writer: sees whether it has.
  void check() {
    if (!reached && ends.entrySet().stream().allMatch(Cut::isStored)) {
      reached = true;
      stored.complete(null);
    }
  }

  private static boolean isStored(Map.Entry<Segment, Long> file) {
    return file.getKey().isStoredUpTo(file.getValue());
  }
}
