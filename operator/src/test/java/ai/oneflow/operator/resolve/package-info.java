/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.resolve;

import org.jspecify.annotations.NullMarked;
