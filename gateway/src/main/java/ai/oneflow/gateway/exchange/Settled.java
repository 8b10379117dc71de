package ai.oneflow.gateway.exchange;

import ai.oneflow.gateway.ledger.Caller;
import ai.oneflow.gateway.ledger.Destination;
import ai.oneflow.gateway.ledger.EventId;
import ai.oneflow.gateway.quota.Hold;
import ai.oneflow.gateway.quota.Spent;

/// A request that has ended: its event is in the ledger, and what it used has taken the place of
/// what it held.
///
/// @param startNanos when it began, by [System#nanoTime]: it lives on a configuration that was in
///     force then or later
public record Settled(
    Caller caller, Destination destination, EventId id, long startNanos, Hold hold, Spent spent) {}
