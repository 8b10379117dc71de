/// Names in Redis.
@NullMarked
package ai.oneflow.gateway.idempotency.redis;

import org.jspecify.annotations.NullMarked;
