@NullMarked
package ai.oneflow.gateway.health;

import org.jspecify.annotations.NullMarked;
