/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.reconcile;

import org.jspecify.annotations.NullMarked;
