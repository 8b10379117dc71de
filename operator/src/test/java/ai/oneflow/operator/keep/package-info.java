/// Tests of the package of the same name.
@NullMarked
package ai.oneflow.operator.keep;

import org.jspecify.annotations.NullMarked;
