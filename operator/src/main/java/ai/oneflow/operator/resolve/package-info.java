/// Judges resources: pure functions from all that is known to an entry for the gateways, or to the
/// reason why there is none.
///
/// [ai.oneflow.operator.resolve.Resolution] is the way in, for the operator and for standalone mode
/// alike, so that both say the same of a manifest. This package knows manifests and nothing of how
/// they came here: no Kubernetes client, no clock, no state between two calls.
@NullMarked
package ai.oneflow.operator.resolve;

import org.jspecify.annotations.NullMarked;
