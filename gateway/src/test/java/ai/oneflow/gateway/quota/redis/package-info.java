/// Counters in a real Redis.
@NullMarked
package ai.oneflow.gateway.quota.redis;

import org.jspecify.annotations.NullMarked;
