/// Real servers on this machine, for tests: each with data of its own in a temporary folder, on a
/// free port of the loopback address. They can be killed, paused and started again over the same
/// data. Knows nothing of what is tested with them.
@NullMarked
package ai.oneflow.servers;

import org.jspecify.annotations.NullMarked;
