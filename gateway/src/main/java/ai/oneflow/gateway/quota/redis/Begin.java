package ai.oneflow.gateway.quota.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Tells counters that begin to count what the ledger has of one gateway, as much more as that is
/// than what they were told of it before. Nothing happens once all was told.
///
/// @param start the key of the start that the counters count from
/// @param gateway whose requests used it
/// @param all whether nothing is left to be told of the gateway: from now on it counts by itself
/// @param done with whether it was not all told before
record Begin(
    String start, String gateway, boolean all, List<Change> used, CompletableFuture<Boolean> done)
    implements Op {

  /// Redis has not applied it, and will not.
  void refuse(Outbox outbox) {
    IllegalStateException refused = new IllegalStateException("redis has not applied it");
    outbox.add(() -> done.completeExceptionally(refused));
  }
}
