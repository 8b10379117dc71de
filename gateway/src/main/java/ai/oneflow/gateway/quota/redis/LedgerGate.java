package ai.oneflow.gateway.quota.redis;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// The way of usage events into SQL, as far as counters must know it when they are written anew.
public interface LedgerGate {
  /// Runs the task while no request has its event in the journal and has not settled, or the other
  /// way round. It must take microseconds.
  <T> T between(Supplier<T> task);

  /// Brings into SQL what is in the journal at this moment, and nothing that comes later. Asked
  /// again while it is paused, it brings what came since. Must not block: it is done when the
  /// future is.
  CompletableFuture<Void> drainAndPause();

  /// Goes on.
  void resume();
}
