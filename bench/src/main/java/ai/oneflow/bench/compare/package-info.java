/// The load comparison: several relays in front of the same mock, one after the other under the
/// same load, in one run and one table.
///
/// It knows a target by its line in `scripts/bench/targets.yaml` alone, and measures it from
/// outside: what `wrk` saw, and what the kernel says of the processes.
@NullMarked
package ai.oneflow.bench.compare;

import org.jspecify.annotations.NullMarked;
