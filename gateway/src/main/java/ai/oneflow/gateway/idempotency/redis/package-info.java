/// Names of the requests of many gateways, in one Redis: each a key of its own, whose time to live
/// is the lease of a claim or the day that an answer is kept. So no clock but Redis's plays a part.
@NullMarked
package ai.oneflow.gateway.idempotency.redis;

import org.jspecify.annotations.NullMarked;
