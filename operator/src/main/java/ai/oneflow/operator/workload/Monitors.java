package ai.oneflow.operator.workload;

import ai.oneflow.api.v1alpha1.LLMGateway;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.List;
import java.util.Map;

/// What tells a Prometheus operator of the pods, where there is one.
final class Monitors {
  static final String SERVICE_MONITOR = "ServiceMonitor";
  static final String PROMETHEUS_RULE = "PrometheusRule";
  private static final String API_VERSION = "monitoring.coreos.com/v1";

  private Monitors() {}

  /// The management port is the pods' and not the Service's: callers have no business there.
  static GenericKubernetesResource serviceMonitor(LLMGateway gateway) {
    return of(
        gateway,
        SERVICE_MONITOR,
        Map.of(
            "selector", Map.of("matchLabels", GatewayLabels.selector(gateway)),
            "endpoints",
                List.of(
                    Map.of(
                        "targetPort", GatewayPod.MANAGEMENT,
                        "path", "/metrics",
                        "interval", "30s",
                        "scrapeTimeout", "10s"))));
  }

  static GenericKubernetesResource prometheusRule(LLMGateway gateway, Ground ground) {
    String name = gateway.getMetadata().getNamespace() + "." + GatewayLabels.nameOf(gateway);
    return of(
        gateway,
        PROMETHEUS_RULE,
        Map.of(
            "groups",
            List.of(
                Map.of(
                    "name",
                    "oneflow." + name,
                    "rules",
                    Alerts.of(gateway, ground.runbooks()).all()))));
  }

  private static GenericKubernetesResource of(
      LLMGateway gateway, String kind, Map<String, Object> spec) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(API_VERSION)
        .withKind(kind)
        .withMetadata(GatewayLabels.metadata(gateway))
        .addToAdditionalProperties("spec", spec)
        .build();
  }
}
