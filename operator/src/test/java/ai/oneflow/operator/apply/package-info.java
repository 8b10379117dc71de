/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.apply;

import org.jspecify.annotations.NullMarked;
