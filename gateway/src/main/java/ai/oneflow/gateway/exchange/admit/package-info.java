/// Sixth stage: whether it may be asked now: limits and budgets, and whether it could be recorded.
/// The counters themselves are in `quota`.
@NullMarked
package ai.oneflow.gateway.exchange.admit;

import org.jspecify.annotations.NullMarked;
