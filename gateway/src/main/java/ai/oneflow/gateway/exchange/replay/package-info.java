/// Fourth stage: whether the same request was made before, where the caller gives it a name
/// (`Idempotency-Key`). The answer is then given again, and no provider is called.
@NullMarked
package ai.oneflow.gateway.exchange.replay;

import org.jspecify.annotations.NullMarked;
