package ai.oneflow.gateway.ledger;

import ai.oneflow.gateway.dialect.Usage;

/// One request that was sent to a provider, and what it cost. When it began is in its id; on which
/// gateway it ran is known to the journal.
public record UsageEvent(
    EventId id,
    Caller caller,
    Destination destination,
    Ending ending,
    Usage usage,
    UsageSource usageSource,
    Cost cost) {}
