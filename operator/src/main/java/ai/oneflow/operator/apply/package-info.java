/// Brings the cluster to what LLMGateways are to run as: applies manifests where they differ, puts
/// back what others changed of them, removes what is wanted no longer.
///
/// Plain blocking code, a virtual thread for each LLMGateway: whatever the API server does to one
/// of them holds up no other, and no configuration. What is to be applied is
/// [ai.oneflow.operator.workload]'s business.
@NullMarked
package ai.oneflow.operator.apply;

import org.jspecify.annotations.NullMarked;
