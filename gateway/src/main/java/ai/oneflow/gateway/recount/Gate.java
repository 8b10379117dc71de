package ai.oneflow.gateway.recount;

import ai.oneflow.gateway.exchange.UnderWay;
import ai.oneflow.gateway.ledger.journal.JournaledLedger;
import ai.oneflow.gateway.quota.redis.LedgerGate;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// The way into SQL as some counters in Redis pause it, until others take their place: from then on
/// what they still do is nobody's concern, and a pause of theirs must not outlive them nor end one
/// of their successors. Thread-safe.
final class Gate implements LedgerGate {
  private final JournaledLedger ledger;
  private final UnderWay underWay;
  private boolean paused;
  private boolean closed;

  Gate(JournaledLedger ledger, UnderWay underWay) {
    this.ledger = ledger;
    this.underWay = underWay;
  }

  @Override
  public <T> T between(Supplier<T> task) {
    return underWay.between(task);
  }

  @Override
  public synchronized CompletableFuture<Void> drainAndPause() {
    if (closed) {
      return CompletableFuture.failedFuture(new IllegalStateException("counted elsewhere"));
    }
    paused = true;
    return ledger.drainAndPause();
  }

  @Override
  public synchronized void resume() {
    if (paused) {
      paused = false;
      ledger.resume();
    }
  }

  /// Others count from now on.
  synchronized void close() {
    resume();
    closed = true;
  }
}
