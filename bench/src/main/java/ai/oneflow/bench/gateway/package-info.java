/// A gateway to be measured: the whole data plane with a configuration of its own making in the
/// place of an operator's.
@NullMarked
package ai.oneflow.bench.gateway;

import org.jspecify.annotations.NullMarked;
