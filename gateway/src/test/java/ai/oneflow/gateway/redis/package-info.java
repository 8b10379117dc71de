@NullMarked
package ai.oneflow.gateway.redis;

import org.jspecify.annotations.NullMarked;
