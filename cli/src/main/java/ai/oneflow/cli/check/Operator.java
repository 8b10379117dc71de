package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import ai.oneflow.cli.show.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The operator of a cluster, and the kinds that it needs.
final class Operator {
  static final String NAME = "oneflow-operator";
  static final String LABELS = "app.kubernetes.io/name=" + NAME;

  /// Shown by the pod that leads.
  private static final String LEADER = ",oneflow.ai/leader=true";

  private static final Duration LEASE_FOR = Duration.ofSeconds(15);
  private static final String INSTALL =
      "install it: helm upgrade --install, or kubectl apply --server-side -k"
          + " deploy/kustomize/base";

  private final Cluster cluster;
  private final Instant now;

  Operator(Cluster cluster, Instant now) {
    this.cluster = cluster;
    this.now = now;
  }

  /// Its Deployment, wherever it was installed.
  static Optional<Found> deployment(Cluster cluster) {
    return cluster.list(Kind.DEPLOYMENT, "", LABELS).stream().findFirst();
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    Optional<Found> deployment = deployment(cluster);
    if (deployment.isEmpty()) {
      findings.add(Finding.fail("operator", "there is no Deployment " + NAME, INSTALL));
      return findings;
    }
    findings.add(replicas(deployment.get()));
    findings.add(lead(deployment.get().namespace()));
    return findings;
  }

  /// Whether what it needs first is there.
  static Finding kinds(Cluster cluster) {
    List<String> missing =
        Arrays.stream(Kind.values())
            .filter(Kind::isOurs)
            .filter(kind -> !isEstablished(cluster, kind))
            .map(Kind::text)
            .toList();
    return missing.isEmpty()
        ? Finding.pass("CRDs", "all five are established")
        : Finding.fail("CRDs", "not there: " + String.join(", ", missing), INSTALL);
  }

  private static boolean isEstablished(Cluster cluster, Kind kind) {
    return cluster
        .get(Kind.CUSTOM_RESOURCE_DEFINITION, "", kind.plural() + ".oneflow.ai")
        .flatMap(crd -> crd.condition("Established"))
        .filter(Found.Condition::holds)
        .isPresent();
  }

  private static Finding replicas(Found deployment) {
    int wanted = deployment.number("/spec/replicas");
    int ready = deployment.number("/status/readyReplicas");
    String words = "%d of %d ready".formatted(ready, wanted);
    if (ready == 0) {
      String look = "kubectl describe pods -n %s -l %s".formatted(deployment.namespace(), LABELS);
      return Finding.fail(deployment.title(), words, "see why: " + look);
    }
    return ready < wanted
        ? Finding.warn(deployment.title(), words, "wait, or see what keeps the others")
        : Finding.pass(deployment.title(), words);
  }

  private Finding lead(String namespace) {
    String logs = "see what it says: kubectl logs -n %s -l %s".formatted(namespace, LABELS);
    Optional<Found> lease = cluster.get(Kind.LEASE, namespace, NAME);
    String holder = lease.map(l -> l.text("/spec/holderIdentity")).orElse("");
    if (holder.isEmpty()) {
      return Finding.fail("leader", "no operator leads", logs);
    }
    Duration since =
        lease
            .flatMap(l -> l.instant("/spec/renewTime"))
            .map(at -> Duration.between(at, now))
            .orElse(LEASE_FOR.multipliedBy(2));
    if (since.compareTo(LEASE_FOR) > 0) {
      return Finding.fail(
          "leader", "the lead was renewed last %s ago".formatted(Span.shown(since)), logs);
    }
    List<Found> shown = cluster.list(Kind.POD, namespace, LABELS + LEADER);
    return shown.size() == 1
        ? Finding.pass("leader", shown.getFirst().name() + " leads")
        : Finding.warn(
            "leader",
            shown.size() + " pods show that they lead, not 1",
            "wait some seconds; " + logs);
  }
}
