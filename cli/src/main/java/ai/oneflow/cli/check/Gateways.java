package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The gateways that are asked for, and the pods that they are.
public final class Gateways {
  private static final String PODS = "app.kubernetes.io/name=oneflow-gateway";

  private final Cluster cluster;
  private final String namespace;

  /// @param namespace whose, or empty for all
  public Gateways(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  public List<Found> all() {
    return cluster.list(Kind.LLM_GATEWAY, namespace);
  }

  public List<Found> pods(Found gateway) {
    String labels = PODS + ",app.kubernetes.io/instance=" + gateway.name();
    return cluster.list(Kind.POD, gateway.namespace(), labels);
  }

  /// One that answers.
  public Optional<Found> readyPod(Found gateway) {
    return pods(gateway).stream().filter(Gateways::isReady).findFirst();
  }

  private static boolean isReady(Found pod) {
    boolean ends = pod.has("/metadata/deletionTimestamp");
    return !ends && pod.condition("Ready").filter(Found.Condition::holds).isPresent();
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    List<Found> gateways = all();
    if (gateways.isEmpty()) {
      findings.add(
          Finding.warn(
              "gateways",
              "there is no LLMGateway" + (namespace.isEmpty() ? "" : " in " + namespace),
              "create one, as in examples/quickstart/5-gateway.yaml"));
    }
    for (Found gateway : gateways) {
      List<Found> pods = pods(gateway);
      findings.add(gateway(gateway, pods));
      pods.forEach(pod -> findings.add(pod(pod)));
    }
    return findings;
  }

  private static Finding gateway(Found gateway, List<Found> pods) {
    Optional<Found.Condition> ready = gateway.condition("Ready");
    if (ready.isEmpty()) {
      return Finding.fail(
          gateway.title(),
          "no operator has seen it",
          "see whether one leads, and which it watches");
    }
    if (ready.get().holds()) {
      return Finding.pass(gateway.title(), ready.get().message());
    }
    // Some serve, though not all or not what is asked for now.
    Level level = pods.stream().anyMatch(Gateways::isReady) ? Level.WARN : Level.FAIL;
    return new Finding(
        level,
        gateway.title(),
        ready.get().reason() + ": " + ready.get().message(),
        Advice.of(ready.get().reason()));
  }

  private static Finding pod(Found pod) {
    if (isReady(pod)) {
      return Finding.pass(pod.title(), "ready");
    }
    if (pod.has("/metadata/deletionTimestamp")) {
      return Finding.pass(pod.title(), "ends");
    }
    String why =
        pod.list("/status/containerStatuses").stream()
            .map(c -> c.at("/state/waiting/reason").asText(""))
            .filter(reason -> !reason.isEmpty())
            .findFirst()
            .orElseGet(
                () ->
                    pod.condition("PodScheduled")
                        .filter(c -> !c.holds())
                        .map(Found.Condition::message)
                        .orElse(pod.text("/status/phase")));
    return Finding.warn(
        pod.title(),
        "not ready: " + why,
        "kubectl describe pod %s -n %s".formatted(pod.name(), pod.namespace()));
  }
}
