package ai.oneflow.gateway.quota.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Gives back a part of what a dead gateway held.
///
/// @param lease the key of its lease
/// @param batches how many it had sent
/// @param end whether nothing is left of it then
/// @param orphans whether what its requests spent is among the changes
/// @param done with whether the gateway was dead indeed, and nobody else was at it
record Reap(
    String lease,
    long batches,
    boolean end,
    boolean orphans,
    List<Change> changes,
    CompletableFuture<Boolean> done)
    implements Op {}
