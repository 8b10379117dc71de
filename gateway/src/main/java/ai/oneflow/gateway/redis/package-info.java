/// The way to a Redis: a connection that comes back by itself, and scripts. It knows nothing of
/// what is kept there.
@NullMarked
package ai.oneflow.gateway.redis;

import org.jspecify.annotations.NullMarked;
