/// The operator's process: reads its settings, wires the control plane, ends with the signal.
///
/// A change goes reconcile → resolve → build → push → status through the packages below.
@NullMarked
package ai.oneflow.operator;

import org.jspecify.annotations.NullMarked;
