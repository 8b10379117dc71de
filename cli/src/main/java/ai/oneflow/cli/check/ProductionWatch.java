package ai.oneflow.cli.check;

import ai.oneflow.cli.cluster.Cluster;
import ai.oneflow.cli.cluster.Found;
import ai.oneflow.cli.cluster.Kind;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/// The part of the checklist about being watched: scrapes, alerts, runbooks, dashboards.
final class ProductionWatch {
  private static final String DASHBOARD = "grafana_dashboard";

  private final Cluster cluster;
  private final String namespace;

  ProductionWatch(Cluster cluster, String namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  List<Finding> look() {
    List<Finding> findings = new ArrayList<>();
    if (cluster.serves(Kind.PROMETHEUS_RULE)) {
      for (Found gateway : cluster.list(Kind.LLM_GATEWAY, namespace)) {
        findings.add(scraped(gateway));
        findings.addAll(alerts(gateway));
      }
    } else {
      findings.add(
          Finding.unknown(
              "metrics and alerts",
              "there is no Prometheus operator here; whether another Prometheus scrapes is not seen",
              "scrape port 8001 of the pods, and have it alert on what docs/deployment.md names"));
    }
    findings.add(dashboards());
    return findings;
  }

  private Finding scraped(Found gateway) {
    return cluster
            .get(Kind.SERVICE_MONITOR, gateway.namespace(), gateway.name() + "-gateway")
            .isPresent()
        ? Finding.pass(gateway.title(), "a ServiceMonitor has it scraped")
        : Finding.fail(gateway.title(), "no ServiceMonitor", "kubectl oneflow doctor");
  }

  private List<Finding> alerts(Found gateway) {
    Optional<Found> rule =
        cluster.get(Kind.PROMETHEUS_RULE, gateway.namespace(), gateway.name() + "-gateway");
    if (rule.isEmpty()) {
      return List.of(Finding.fail(gateway.title(), "no PrometheusRule", "kubectl oneflow doctor"));
    }
    List<JsonNode> alerts =
        rule.get().list("/spec/groups").stream()
            .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
            .filter(each -> each.has("alert"))
            .toList();
    long without =
        alerts.stream().filter(alert -> !alert.at("/annotations").has("runbook_url")).count();
    return List.of(
        Finding.pass(gateway.title(), alerts.size() + " alerts"),
        without == 0
            ? Finding.pass(gateway.title(), "every alert names its runbook")
            : Finding.warn(
                gateway.title(),
                without + " alerts name no runbook",
                "say who does what: docs/troubleshooting.md is a start"));
  }

  private Finding dashboards() {
    boolean there =
        cluster.list(Kind.CONFIG_MAP, "", DASHBOARD).stream()
            .anyMatch(map -> map.name().contains("oneflow"));
    return there
        ? Finding.pass("dashboards", "Grafana is given OneFlow's")
        : Finding.unknown(
            "dashboards",
            "no ConfigMap with the label " + DASHBOARD + " is OneFlow's; Grafana is not asked",
            "see whether a dashboard shows errors, latency, spend and breakers");
  }
}
