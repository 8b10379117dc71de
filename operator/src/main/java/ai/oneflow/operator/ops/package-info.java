/// Tells the outside how the operator's process does: alive, ready, a few numbers.
///
/// It is handed what to say; it must not know the control plane.
@NullMarked
package ai.oneflow.operator.ops;

import org.jspecify.annotations.NullMarked;
