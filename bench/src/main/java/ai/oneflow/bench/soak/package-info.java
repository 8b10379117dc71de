/// Many slow streams through a gateway for a while, and what that does to its memory.
@NullMarked
package ai.oneflow.bench.soak;

import org.jspecify.annotations.NullMarked;
