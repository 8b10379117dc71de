package ai.oneflow.simulator;

import java.util.List;
import java.util.TreeMap;

/// The last requests and what became of them, bounded in number and in bytes. Written by event
/// loops, read by tests; a lock is cheap enough here, since the fast mode keeps no journal.
final class Journal {
  private static final int KEPT = 20_000;
  private static final long KEPT_BODY_BYTES = 64 << 20;

  private final TreeMap<Long, ReceivedRequest> entries = new TreeMap<>();
  private long bodyBytes;
  private long lastSequence;

  /// @return the entry's sequence number; the first is 1
  synchronized long open(ReceivedRequest request) {
    lastSequence++;
    entries.put(lastSequence, request.numbered(lastSequence));
    bodyBytes += request.body().size();
    while (entries.size() > KEPT || (bodyBytes > KEPT_BODY_BYTES && entries.size() > 1)) {
      bodyBytes -= entries.pollFirstEntry().getValue().body().size();
    }
    return lastSequence;
  }

  /// Without effect if the entry was cleared meanwhile.
  synchronized void update(long sequence, ReceivedRequest.Produced produced) {
    entries.computeIfPresent(sequence, (_, request) -> request.with(produced));
  }

  synchronized List<ReceivedRequest> requests() {
    return List.copyOf(entries.values());
  }

  /// The oldest `limit` of the entries behind the one with that number.
  synchronized List<ReceivedRequest> after(long sequence, int limit) {
    return entries.tailMap(sequence, false).values().stream().limit(limit).toList();
  }

  synchronized void clear() {
    entries.clear();
    bodyBytes = 0;
  }
}
