package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import java.util.List;
import java.util.Map;

/// What somebody is to be woken for, or told in the morning.
final class Alerts {
  private static final String CRITICAL = "critical";
  private static final String WARNING = "warning";

  private final String of;
  private final String who;

  Alerts(LLMGateway gateway) {
    String namespace = gateway.getMetadata().getNamespace();
    this.of = "namespace=\"%s\",job=\"%s\"".formatted(namespace, GatewayLabels.nameOf(gateway));
    this.who = "LLMGateway " + namespace + "/" + gateway.getMetadata().getName();
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

  private Map<String, Object> alert(String name, String expression, Tone tone) {
    return Map.of(
        "alert", name,
        "expr", expression.formatted(of),
        "for", tone.after,
        "labels", Map.of("severity", tone.severity),
        "annotations", Map.of("summary", tone.summary));
  }
}
