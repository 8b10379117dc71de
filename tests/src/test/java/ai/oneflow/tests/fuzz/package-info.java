/// Manifests that are nearly right: whatever people and generators write is refused with a message
/// or accepted with a true status, and bothers nobody else.
@NullMarked
package ai.oneflow.tests.fuzz;

import org.jspecify.annotations.NullMarked;
