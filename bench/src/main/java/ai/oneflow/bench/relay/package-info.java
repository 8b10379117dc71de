/// The ceiling: what a Netty HTTP relay costs that does nothing else.
///
/// OneFlow's own cost is what it takes on top of this. It must gain no feature, or it would no
/// longer be the ceiling; it knows nothing of the gateway.
@NullMarked
package ai.oneflow.bench.relay;

import org.jspecify.annotations.NullMarked;
