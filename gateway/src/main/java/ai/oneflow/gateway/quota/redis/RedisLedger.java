package ai.oneflow.gateway.quota.redis;

/// What counters in Redis need of the ledger, which is the truth behind them.
public record RedisLedger(
    LedgerGate gate, History history, Checkpoints checkpoints, Orphans orphans) {}
