package ai.oneflow.gateway.quota.redis;

import java.util.concurrent.CompletableFuture;

/// The way of usage events into SQL, as far as counters must know it when they are written anew.
///
/// A request settles after its event is in the journal, so that what is settled before
/// [#drainAndPause] is done is in SQL then.
public interface LedgerGate {
  /// Brings all that the journal has into SQL, and then brings nothing more. Asked again while it
  /// is paused, it brings what came since.
  CompletableFuture<Void> drainAndPause();

  /// Goes on.
  void resume();
}
