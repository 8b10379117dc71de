/// Tests of the package of this name.
@NullMarked
package ai.oneflow.standalone.secret;

import org.jspecify.annotations.NullMarked;
