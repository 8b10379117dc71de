package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The production checklist. Each line of it stands on something that was seen in the cluster; what
/// a cluster does not show is [Level#UNKNOWN], with the question that a person has to answer.
public final class Production {
  private Production() {}

  /// Goes through all of it.
  ///
  /// @param namespace whose gateways, providers and keys, or empty for all
  public static List<Finding> look(Cluster cluster, String namespace, Instant now) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(Look.at("operator", () -> new ProductionOperator(cluster).look()));
    findings.addAll(Look.at("gateways", () -> new ProductionGateways(cluster, namespace).look()));
    findings.addAll(
        Look.at("ways in and out", () -> new ProductionTraffic(cluster, namespace).look()));
    findings.addAll(Look.at("keys", () -> new ProductionKeys(cluster, namespace, now).look()));
    findings.addAll(Look.at("being watched", () -> new ProductionWatch(cluster, namespace).look()));
    findings.addAll(unknown());
    return findings;
  }

  private static List<Finding> unknown() {
    return List.of(
        Finding.unknown(
            "secrets at rest",
            "the API server does not say whether it encrypts Secrets",
            "ask who runs the cluster for its EncryptionConfiguration"),
        Finding.unknown(
            "backup of the ledger",
            "a cluster does not show it",
            "back the database up (make db-backup, or its service), and restore one once"),
        Finding.unknown(
            "load test",
            "a cluster does not show it",
            "drive the traffic that is expected through these pods before callers do"));
  }
}
