package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.apply.Workloads;
import ai.oneflow.operator.keep.SnapshotKeeper;
import ai.oneflow.operator.push.Fleet;

/// Where gateways are to be had from, and what they are told by: the pods that the cluster runs,
/// those that are connected, and what is kept for those that will start.
record Sources(Fleet fleet, Workloads workloads, SnapshotKeeper keeper) {}
