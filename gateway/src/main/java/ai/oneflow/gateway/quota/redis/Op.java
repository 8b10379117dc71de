package ai.oneflow.gateway.quota.redis;

/// A part of a batch. `quota.lua` applies them in their order.
sealed interface Op permits Take, Change, Look, Reap, Note, Begin {}
