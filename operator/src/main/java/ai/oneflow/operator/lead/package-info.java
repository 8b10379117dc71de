/// Which of several operators of one cluster works: the one that holds a Lease. Knows nothing of
/// what the work is.
@NullMarked
package ai.oneflow.operator.lead;

import org.jspecify.annotations.NullMarked;
