package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The part of the checklist about gateways: how many, on what, and how they keep count.
final class ProductionGateways {
  private final Cluster cluster;
  private final Gateways gateways;

  ProductionGateways(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.gateways = new Gateways(cluster, namespace);
  }

  List<Finding> look() {
    List<Found> all = gateways.all();
    if (all.isEmpty()) {
      return List.of(
          Finding.fail("gateways", "there is no LLMGateway", "create one: docs/deployment.md"));
    }
    List<Finding> findings = new ArrayList<>();
    for (Found gateway : all) {
      findings.addAll(look(gateway));
    }
    all.stream()
        .map(Found::namespace)
        .distinct()
        .forEach(each -> findings.add(ProductionOperator.restricted(cluster, each)));
    return findings;
  }

  private List<Finding> look(Found gateway) {
    List<Finding> findings = new ArrayList<>();
    findings.add(replicas(gateway));
    findings.add(redis(gateway));
    findings.add(ledger(gateway));
    findings.addAll(deployment(gateway));
    findings.addAll(autoscaler(gateway));
    return findings;
  }

  private static int atLeast(Found gateway) {
    if (gateway.has("/spec/replicas")) {
      return gateway.number("/spec/replicas");
    }
    if (gateway.has("/spec/autoscaling/minReplicas")) {
      return gateway.number("/spec/autoscaling/minReplicas");
    }
    return gateway.has("/spec/redis") ? 3 : 1; // the operator's defaults
  }

  private static Finding replicas(Found gateway) {
    int wanted = atLeast(gateway);
    return wanted >= 2
        ? Finding.pass(gateway.title(), "at least " + wanted + " pods")
        : Finding.fail(
            gateway.title(),
            wanted + " pod, and nobody serves when it goes",
            "set redis, and replicas or autoscaling");
  }

  private static Finding redis(Found gateway) {
    String url = gateway.text("/spec/redis/url");
    if (url.isEmpty()) {
      return Finding.fail(
          gateway.title(), "counters are in a pod's memory", "set redis: {url: rediss://…}");
    }
    return url.startsWith("rediss")
        ? Finding.pass(gateway.title(), "counters are in Redis, over TLS")
        : Finding.warn(
            gateway.title(), "counters are in Redis, without TLS", "write rediss:// where it can");
  }

  private static Finding ledger(Found gateway) {
    String url = gateway.text("/spec/ledger/url");
    if (!url.startsWith("jdbc:postgresql:")) {
      return Finding.fail(
          gateway.title(),
          "charges are in a file that ends with the pod",
          "set ledger: {url: jdbc:postgresql://…}");
    }
    return url.matches(".*[?&]sslmode=(verify-full|verify-ca|require)(&.*)?")
        ? Finding.pass(gateway.title(), "charges are in PostgreSQL, over TLS")
        : Finding.warn(
            gateway.title(),
            "charges are in PostgreSQL, perhaps without TLS",
            "add sslmode=verify-full to the ledger's url");
  }

  private List<Finding> deployment(Found gateway) {
    Optional<Found> deployment =
        cluster.get(Kind.DEPLOYMENT, gateway.namespace(), gateway.name() + "-gateway");
    if (deployment.isEmpty()) {
      return List.of(
          Finding.fail(gateway.title(), "it has no Deployment", "kubectl oneflow doctor"));
    }
    return List.of(
        ProductionOperator.disruption(cluster, deployment.get(), gateway.title()),
        ProductionOperator.bounds(
            gateway.title(), deployment.get().tree().at("/spec/template/spec/containers/0")));
  }

  /// There is none where a number was given.
  private List<Finding> autoscaler(Found gateway) {
    return cluster
        .get(Kind.AUTOSCALER, gateway.namespace(), gateway.name() + "-gateway")
        .map(
            scaler ->
                scaler.condition("ScalingActive").filter(Found.Condition::holds).isPresent()
                    ? Finding.pass(gateway.title(), "the number of pods follows the load")
                    : Finding.warn(
                        gateway.title(),
                        "the autoscaler gets no metrics",
                        "install the cluster's metrics API; until then there are minReplicas pods"))
        .stream()
        .toList();
  }
}
