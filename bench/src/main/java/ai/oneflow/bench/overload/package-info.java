/// More load than a gateway can carry, at a rate that does not wait for answers, and what becomes
/// of those who ask meanwhile and after.
@NullMarked
package ai.oneflow.bench.overload;

import org.jspecify.annotations.NullMarked;
