/// Keeps the last snapshot that a gateway accepted in Secrets, for pods that start while no
/// operator is there.
///
/// Plain blocking code on one thread of its own: no configuration waits for it. What a snapshot is
/// made of is not its business; which Secrets it lies in is
/// [ai.oneflow.operator.workload.KeptIn]'s, since pods mount them.
@NullMarked
package ai.oneflow.operator.keep;

import org.jspecify.annotations.NullMarked;
