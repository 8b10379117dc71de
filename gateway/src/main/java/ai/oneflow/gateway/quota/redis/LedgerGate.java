package ai.oneflow.gateway.quota.redis;

import java.util.concurrent.CompletableFuture;

/// The way of usage events into SQL, as far as counters must know it when they are written anew. A
/// request must settle after its event is in the journal.
public interface LedgerGate {
  /// Brings into SQL what is in the journal at this moment, and nothing that comes later. Asked
  /// again while it is paused, it brings what came since. Must not block: it is done when the
  /// future is.
  CompletableFuture<Void> drainAndPause();

  /// Goes on.
  void resume();
}
