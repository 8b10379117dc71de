/// What the cluster runs for an LLMGateway: a Deployment and what stands around it.
///
/// Pure functions from a resource to manifests, and from a Deployment to how far it is. This
/// package knows no connection: who writes is [ai.oneflow.operator.apply]'s business.
@NullMarked
package ai.oneflow.operator.workload;

import org.jspecify.annotations.NullMarked;
