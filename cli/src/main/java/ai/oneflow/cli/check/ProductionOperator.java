package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// The part of the checklist about the operator and how it was installed.
final class ProductionOperator {
  private static final String LEVEL = "pod-security.kubernetes.io/enforce";

  private final Cluster cluster;

  ProductionOperator(Cluster cluster) {
    this.cluster = cluster;
  }

  List<Finding> look() {
    Optional<Found> found = Operator.deployment(cluster);
    if (found.isEmpty()) {
      return List.of(Finding.fail("operator", "it is not installed", "see docs/deployment.md"));
    }
    Found deployment = found.get();
    List<Finding> findings = new ArrayList<>();
    findings.add(replicas(deployment));
    findings.add(disruption(cluster, deployment, "operator"));
    JsonNode container = deployment.tree().at("/spec/template/spec/containers/0");
    findings.add(ImageName.judge("operator", container.path("image").asText()));
    findings.add(gatewayImage(container));
    findings.add(bounds("operator", container));
    findings.add(restricted(cluster, deployment.namespace()));
    return findings;
  }

  private static Finding replicas(Found deployment) {
    int wanted = deployment.number("/spec/replicas");
    return wanted >= 2
        ? Finding.pass("operator", wanted + " replicas")
        : Finding.fail(
            "operator", wanted + " replica, and none takes over", "run 2; one of them leads");
  }

  private static Finding gatewayImage(JsonNode container) {
    return StreamSupport.stream(container.path("env").spliterator(), false)
        .filter(variable -> variable.path("name").asText().equals("ONEFLOW_GATEWAY_IMAGE"))
        .findFirst()
        .map(variable -> ImageName.judge("gateways", variable.path("value").asText()))
        .orElseGet(
            () ->
                Finding.unknown(
                    "gateways",
                    "the operator's environment names no image",
                    "set ONEFLOW_GATEWAY_IMAGE"));
  }

  static Finding bounds(String subject, JsonNode container) {
    JsonNode resources = container.path("resources");
    boolean requested =
        resources.at("/requests/cpu").isTextual() && resources.at("/requests/memory").isTextual();
    return requested && resources.at("/limits/memory").isTextual()
        ? Finding.pass(subject, "processor and memory requested, memory bounded")
        : Finding.fail(
            subject,
            "no requests, or no limit on memory",
            "set resources: requests of cpu and memory, and a limit on memory");
  }

  static Finding disruption(Cluster cluster, Found deployment, String subject) {
    JsonNode labels = deployment.tree().at("/spec/template/metadata/labels");
    boolean covered =
        cluster.list(Kind.POD_DISRUPTION_BUDGET, deployment.namespace()).stream()
            .map(budget -> budget.tree().at("/spec/selector/matchLabels"))
            .anyMatch(selector -> !selector.isEmpty() && isWithin(selector, labels));
    return covered
        ? Finding.pass(subject, "a PodDisruptionBudget covers its pods")
        : Finding.fail(
            subject,
            "no PodDisruptionBudget covers its pods",
            "install it; without one a drain takes all pods at once");
  }

  private static boolean isWithin(JsonNode selector, JsonNode labels) {
    return selector.properties().stream()
        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
  }

  static Finding restricted(Cluster cluster, String namespace) {
    String level =
        cluster
            .get(Kind.NAMESPACE, "", namespace)
            .map(found -> found.mark("labels", LEVEL))
            .orElse("");
    return level.equals("restricted")
        ? Finding.pass("namespace " + namespace, "the level restricted is enforced")
        : Finding.warn(
            "namespace " + namespace,
            "the level restricted is not enforced",
            "kubectl label namespace %s %s=restricted".formatted(namespace, LEVEL));
  }
}
