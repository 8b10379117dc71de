/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.push;

import org.jspecify.annotations.NullMarked;
