package ai.oneflow.simulator;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The last requests and what became of them. Written by event loops, read by tests; a lock is
/// cheap enough here, since the fast mode keeps no journal.
final class Journal {
  private static final int KEPT = 20_000;

  private final Map<Long, ReceivedRequest> entries = new LinkedHashMap<>();
  private long nextSequence;

  synchronized long open(ReceivedRequest request) {
    if (entries.size() == KEPT) {
      entries.remove(entries.keySet().iterator().next());
    }
    entries.put(nextSequence, request);
    return nextSequence++;
  }

  /// Without effect if the entry was cleared meanwhile.
  synchronized void update(long sequence, ReceivedRequest.Produced produced) {
    entries.computeIfPresent(sequence, (_, request) -> request.with(produced));
  }

  synchronized List<ReceivedRequest> requests() {
    return new ArrayList<>(entries.values());
  }

  synchronized void clear() {
    entries.clear();
  }
}
