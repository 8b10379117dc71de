/// Tests of the package of this name.
@NullMarked
package ai.oneflow.standalone.manifest;

import org.jspecify.annotations.NullMarked;
