package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Whether an installation works: the API server, the CRDs, an operator that leads, gateways and
/// their pods.
public final class Installation {
  private Installation() {}

  /// Looks at everything there is.
  ///
  /// @param namespace whose gateways, or empty for all
  public static List<Finding> look(Cluster cluster, String namespace, Instant now) {
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.pass("API server", "answers, " + cluster.version()));
    findings.addAll(Look.at("CRDs", () -> List.of(Operator.kinds(cluster))));
    findings.addAll(Look.at("operator", () -> new Operator(cluster, now).look()));
    findings.addAll(Look.at("gateways", () -> new Gateways(cluster, namespace).look()));
    return findings;
  }
}
