/// Tests of the package of this name.
@NullMarked
package ai.oneflow.standalone;

import org.jspecify.annotations.NullMarked;
