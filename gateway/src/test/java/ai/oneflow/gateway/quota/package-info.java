/// Behaviour that all counters share, whatever keeps them.
@NullMarked
package ai.oneflow.gateway.quota;

import org.jspecify.annotations.NullMarked;
