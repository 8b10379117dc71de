/// Warnings that reach somebody.
@NullMarked
package ai.oneflow.gateway.warning;

import org.jspecify.annotations.NullMarked;
