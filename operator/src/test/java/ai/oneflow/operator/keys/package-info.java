/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.keys;

import org.jspecify.annotations.NullMarked;
