/// Counters in the memory of one process: for one gateway alone, which needs no Redis. It knows no
/// network.
@NullMarked
package ai.oneflow.gateway.quota.memory;

import org.jspecify.annotations.NullMarked;
