/// Tests of the package of this name.
@NullMarked
package ai.oneflow.operator.lead;

import org.jspecify.annotations.NullMarked;
