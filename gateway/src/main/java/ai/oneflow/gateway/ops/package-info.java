/// What operators need of a gateway: probes and metrics on a port of their own, and the commands.
/// It knows neither the exchange nor its event loops.
@NullMarked
package ai.oneflow.gateway.ops;

import org.jspecify.annotations.NullMarked;
