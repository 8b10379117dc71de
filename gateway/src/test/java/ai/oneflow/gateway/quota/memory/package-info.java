/// Counters in memory.
@NullMarked
package ai.oneflow.gateway.quota.memory;

import org.jspecify.annotations.NullMarked;
