/// Fourth stage: whether it may be asked now: permitted models, limits, and whether it could be
/// recorded.
/// Counts are kept in memory here.
@NullMarked
package ai.oneflow.gateway.exchange.admit;

import org.jspecify.annotations.NullMarked;
