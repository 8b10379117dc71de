/// Tests of the package of this name.
@NullMarked
package ai.oneflow.gateway.config.push;

import org.jspecify.annotations.NullMarked;
