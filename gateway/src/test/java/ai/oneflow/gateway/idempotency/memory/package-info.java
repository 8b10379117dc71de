/// Names in memory.
@NullMarked
package ai.oneflow.gateway.idempotency.memory;

import org.jspecify.annotations.NullMarked;
