package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.ledger.Opening;
import ai.oneflow.gateway.quota.Hold;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How far the requests have come that have run for a second or more, once a second: what they are
/// charged by if this gateway dies and its journal with it. Event loops write, anybody reads.
public final class UnderWay {
  private final Map<EventId, Progress> requests = new ConcurrentHashMap<>();

  /// @param hold what the request has taken of its limits
  /// @param outputTokens those that had passed, as far as they can be estimated
  public record Progress(Hold hold, Opening opening, long outputTokens) {}

  void note(Progress progress) {
    requests.put(progress.opening().id(), progress);
  }

  void ended(EventId id) {
    requests.remove(id);
  }

  /// By the ids of their events.
  public Map<EventId, Progress> requests() {
    return Map.copyOf(requests);
  }
}
