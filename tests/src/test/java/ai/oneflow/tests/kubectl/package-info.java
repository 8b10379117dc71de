/// `kubectl oneflow` on a real API server: what it says, and what it does to resources.
@NullMarked
package ai.oneflow.tests.kubectl;

import org.jspecify.annotations.NullMarked;
