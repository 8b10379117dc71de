package ai.oneflow.gateway.ops;

import java.util.concurrent.atomic.AtomicReference;

/// Whether callers should be sent here: from the first complete configuration until the drain
/// begins. Never tied to the health of a provider or of the ledger's database: a pod that is taken
/// out for those would only move the fault to its neighbours. Any thread.
public final class Readiness {
  private static final Standing FOR_CONFIGURATION =
      new Standing.Waiting("waiting for the first configuration from the operator");

  private final AtomicReference<Standing> standing = new AtomicReference<>(FOR_CONFIGURATION);

  /// Where a gateway stands.
  public sealed interface Standing {
    /// Not yet; `reason` says what for.
    record Waiting(String reason) implements Standing {}

    /// Serving.
    record Ready() implements Standing {}

    /// No more: requests on their way are finished, new ones belong elsewhere.
    record Draining() implements Standing {}
  }

  /// A complete configuration is in force. A drain is not undone by it.
  public void configured() {
    standing.updateAndGet(now -> now instanceof Standing.Draining ? now : new Standing.Ready());
  }

  /// The gateway is on its way out; for good.
  public void draining() {
    standing.set(new Standing.Draining());
  }

  public Standing standing() {
    return standing.get();
  }
}
