/// What the kernel says of a process that is measured: CPU time and resident memory. Linux alone.
@NullMarked
package ai.oneflow.bench.process;

import org.jspecify.annotations.NullMarked;
