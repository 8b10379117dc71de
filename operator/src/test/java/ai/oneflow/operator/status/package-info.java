/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.status;

import org.jspecify.annotations.NullMarked;
