/// The data plane: the listening server and the wiring of its rooms.
@NullMarked
package ai.oneflow.gateway;

import org.jspecify.annotations.NullMarked;
