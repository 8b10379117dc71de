/// Seventh stage: the request as the provider gets it, and whether what comes back is an answer.
@NullMarked
package ai.oneflow.gateway.exchange.attempt;

import org.jspecify.annotations.NullMarked;
