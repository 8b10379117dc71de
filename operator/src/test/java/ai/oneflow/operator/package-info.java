/// Tests of the operator without a cluster; those with one are in the module `tests`.
@NullMarked
package ai.oneflow.operator;

import org.jspecify.annotations.NullMarked;
