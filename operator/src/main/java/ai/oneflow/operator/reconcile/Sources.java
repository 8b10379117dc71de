package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.apply.Workloads;
import ai.oneflow.operator.push.Fleet;

/// Where gateways are to be had from, and what they are told by: the pods that the cluster runs,
/// and those that are connected.
record Sources(Fleet fleet, Workloads workloads) {}
