/// Behaviour that all keepers of names share, and the waiting for them.
@NullMarked
package ai.oneflow.gateway.idempotency;

import org.jspecify.annotations.NullMarked;
