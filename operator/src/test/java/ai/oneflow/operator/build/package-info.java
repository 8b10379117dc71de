/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.build;

import org.jspecify.annotations.NullMarked;
