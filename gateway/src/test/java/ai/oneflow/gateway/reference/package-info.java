/// Reference pages that are written from the enums which the code uses.
@NullMarked
package ai.oneflow.gateway.reference;

import org.jspecify.annotations.NullMarked;
