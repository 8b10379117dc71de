/// How many resources and gateways an operator bears: as a process with the memory of its pod, on a
/// real API server, with gateways that do nothing but listen and acknowledge.
@NullMarked
package ai.oneflow.tests.scale;

import org.jspecify.annotations.NullMarked;
