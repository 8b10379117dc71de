/// The test cluster: a real Kubernetes control plane on loopback, for the tests that need one, and
/// Helm. Knows the scripts under `scripts/cluster` and `scripts/helm` and nothing of OneFlow.
@NullMarked
package ai.oneflow.tests.cluster;

import org.jspecify.annotations.NullMarked;
