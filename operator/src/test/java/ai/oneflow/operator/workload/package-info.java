/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.workload;

import org.jspecify.annotations.NullMarked;
