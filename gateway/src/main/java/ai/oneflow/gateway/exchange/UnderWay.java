package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.quota.Hold;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;

/// How far the requests have come that have run for a second or more, once a second: what they are
/// charged by if this gateway dies and its journal with it. Event loops write, anybody reads.
public final class UnderWay {
  private final Map<EventId, Progress> requests = new ConcurrentHashMap<>();

  /// Shared by the requests that end, alone for who looks between them.
  private final StampedLock ends = new StampedLock();

  /// @param hold what the request has taken of its limits
  /// @param outputTokens those that had passed, as far as they can be estimated
  public record Progress(Hold hold, Opening opening, long outputTokens) {}

  void note(Progress progress) {
    requests.put(progress.opening().id(), progress);
  }

  void ended(EventId id) {
    requests.remove(id);
  }

  /// From here to [#close] a request writes its event down and settles what it held.
  long open() {
    return ends.readLock();
  }

  void close(long stamp) {
    ends.unlockRead(stamp);
  }

  /// Does something while each request is in the ledger and settled, or neither: whoever counts by
  /// the one what the other does not have must not meet one that is in both or in none. Requests
  /// that end wait for it, on their event loops: it must take microseconds.
  public <T> T between(Supplier<T> task) {
    long stamp = ends.writeLock();
    try {
      return task.get();
    } finally {
      ends.unlockWrite(stamp);
    }
  }

  /// By the ids of their events.
  public Map<EventId, Progress> requests() {
    return Map.copyOf(requests);
  }
}
