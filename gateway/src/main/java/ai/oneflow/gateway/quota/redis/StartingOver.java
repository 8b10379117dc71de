package ai.oneflow.gateway.quota.redis;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/// Where this gateway stands when counters are written anew.
///
/// @param atMillis when, by the clock that usage events go by
/// @param drained done when the ledger has what was used up to now
record StartingOver(long atMillis, CompletableFuture<Void> drained, Collection<Change> underWay) {}
