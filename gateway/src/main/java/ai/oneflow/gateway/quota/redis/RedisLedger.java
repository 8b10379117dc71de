package ai.oneflow.gateway.quota.redis;

import java.util.List;
import java.util.function.Supplier;

/// What counters in Redis need of the ledger, which is the truth behind them.
///
/// @param checkpoints how far requests have come that have run for some time; asked once a second,
///     on a thread of the counters; must not block
public record RedisLedger(
    LedgerGate gate,
    History history,
    Past past,
    Supplier<List<Checkpoint>> checkpoints,
    Orphans orphans) {}
