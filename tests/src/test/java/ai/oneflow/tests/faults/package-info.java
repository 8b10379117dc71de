/// What befalls a control plane, on a real API server of its own: it is killed, compacted, cut off,
/// refuses all writes; operators are killed; what gateways serve by is deleted. Gateways that serve
/// by pushes are called all the time meanwhile, and each answer is held against the configuration
/// in force.
@NullMarked
package ai.oneflow.tests.faults;

import org.jspecify.annotations.NullMarked;
