/// Warnings that reach somebody.
@NullMarked
package ai.oneflow.gateway.spending;

import org.jspecify.annotations.NullMarked;
