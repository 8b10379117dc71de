/// The program `oneflow`: one machine, no cluster.
@NullMarked
package ai.oneflow.standalone;

import org.jspecify.annotations.NullMarked;
