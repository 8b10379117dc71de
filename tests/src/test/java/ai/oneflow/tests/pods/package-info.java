/// Operator and gateways as the cluster runs them: installed, scaled, rolled out and drained by the
/// real controllers, in the root file systems of their images.
@NullMarked
package ai.oneflow.tests.pods;

import org.jspecify.annotations.NullMarked;
