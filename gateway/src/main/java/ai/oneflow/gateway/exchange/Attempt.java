package ai.oneflow.gateway.exchange;

/// What one call of a provider is part of.
///
/// @param readsOn whether the answer of a caller who leaves is read to its end
record Attempt(Attempts attempts, OpenEvent event, Trial trial, boolean readsOn) {}
