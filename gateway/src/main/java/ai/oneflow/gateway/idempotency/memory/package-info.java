/// Names of the requests of one process. What they hold ends with it.
@NullMarked
package ai.oneflow.gateway.idempotency.memory;

import org.jspecify.annotations.NullMarked;
