/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.ops;

import org.jspecify.annotations.NullMarked;
