/// How often something is written to the API server, whoever writes it.
///
/// Counts and keeps no time: it is told what time it is. Knows nobody.
@NullMarked
package ai.oneflow.operator.pace;

import org.jspecify.annotations.NullMarked;
