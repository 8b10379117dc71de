/// Tests of the package of this name.
@NullMarked
package ai.oneflow.standalone.serve;

import org.jspecify.annotations.NullMarked;
