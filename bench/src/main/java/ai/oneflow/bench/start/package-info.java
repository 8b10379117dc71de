/// How long a gateway takes from its start to its readiness, with and without the JDK's AOT cache
/// (JEP 483, 514, 515).
@NullMarked
package ai.oneflow.bench.start;

import org.jspecify.annotations.NullMarked;
