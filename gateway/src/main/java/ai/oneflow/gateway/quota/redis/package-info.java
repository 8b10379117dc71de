/// Counters of many gateways, in one Redis.
///
/// A gateway sends one batch at a time: whatever is asked while one is under way goes with the next
/// (`Desk`, `Batch`). Its lease in Redis counts the batches, so that one that is sent twice is
/// applied once, and holds what the gateway has taken, so that it can be given back for a gateway
/// that died (`Reaper`). Of limits that are far off a gateway takes a share and spends it by itself
/// (`Share`). What holds while Redis does not answer is decided by `Away`; what Redis lost is
/// written again from the ledger by `Rebuild`. Limits that come in mid-period get what the ledger
/// has of them by `Starting`. `quota.lua` is the other half of it all.
///
/// It knows of the ledger only the interfaces that it states.
@NullMarked
package ai.oneflow.gateway.quota.redis;

import org.jspecify.annotations.NullMarked;
