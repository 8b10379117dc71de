/// Eighth stage: the provider's bytes go on to the caller, while a tap reads the usage in them.
@NullMarked
package ai.oneflow.gateway.exchange.relay;

import org.jspecify.annotations.NullMarked;
