/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.pace;

import org.jspecify.annotations.NullMarked;
