package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What somebody is to be woken for, or told in the morning.
final class Alerts {
  private static final String CRITICAL = "critical";
  private static final String WARNING = "warning";

  private final String of;
  private final String who;
  private final String runbooks;

  /// @param of the labels of its metrics, as in `job="main"`
  /// @param who it is, in words
  /// @param runbooks the page that has a section on each alert
  Alerts(String of, String who, String runbooks) {
    this.of = of;
    this.who = who;
    this.runbooks = runbooks;
  }

  static Alerts of(LLMGateway gateway, String runbooks) {
    String namespace = gateway.getMetadata().getNamespace();
    return new Alerts(
        "namespace=\"%s\",job=\"%s\"".formatted(namespace, GatewayLabels.nameOf(gateway)),
        "LLMGateway " + namespace + "/" + gateway.getMetadata().getName(),
        runbooks);
  }

  List<Map<String, Object>> all() {
    return List.of(
        alert(
            "OneFlowGatewayDown",
            "absent(up{%1$s} == 1)",
            new Tone("2m", CRITICAL, "no pod of " + who + " can be scraped")),
        alert(
            "OneFlowGatewayErrors",
            "sum(rate(http_requests_total{%1$s,status=~\"5..\"}[5m]))"
                + " > 0.05 * sum(rate(http_requests_total{%1$s}[5m]))",
            new Tone("5m", WARNING, "more than 5 % of the requests to " + who + " end with 5xx")),
        alert(
            "OneFlowLedgerRefusing",
            "min(oneflow_ledger_accepting{%1$s}) == 0",
            new Tone("1m", CRITICAL, who + " refuses requests, since it cannot record their use")),
        alert(
            "OneFlowUsageLost",
            "sum(increase(oneflow_ledger_lost_total{%1$s}[15m])) > 0",
            new Tone("0m", CRITICAL, who + " served requests whose use could not be recorded")),
        alert(
            "OneFlowBreakerOpen",
            "max by (gen_ai_provider_name, gen_ai_response_model) (oneflow_breaker_open{%1$s})"
                + " == 1",
            new Tone("5m", WARNING, "a model of a provider has been failing at " + who)));
  }

  private record Tone(String after, String severity, String summary) {}

  /// As pages turn headings into anchors.
  private String runbook(String alert) {
    return runbooks + "#" + alert.toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> alert(String name, String expression, Tone tone) {
    return Map.of(
        "alert", name,
        "expr", expression.formatted(of),
        "for", tone.after,
        "labels", Map.of("severity", tone.severity),
        "annotations", Map.of("summary", tone.summary, "runbook_url", runbook(name)));
  }
}
