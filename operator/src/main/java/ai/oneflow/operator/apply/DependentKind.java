package ai.oneflow.operator.apply;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/// The kinds of object that the operator makes for an LLMGateway. The list is closed: what is not
/// on it is neither watched nor allowed.
enum DependentKind {
  SERVICE_ACCOUNT("", "v1", "ServiceAccount", "serviceaccounts"),
  CONFIG_MAP("", "v1", "ConfigMap", "configmaps"),
  NETWORK_POLICY("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
  SERVICE("", "v1", "Service", "services"),
  POD_DISRUPTION_BUDGET("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
  DEPLOYMENT("apps", "v1", "Deployment", "deployments"),
  AUTOSCALER("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  SERVICE_MONITOR(DependentKind.MONITORING, "v1", "ServiceMonitor", "servicemonitors"),
  PROMETHEUS_RULE(DependentKind.MONITORING, "v1", "PrometheusRule", "prometheusrules");

  /// The group of a Prometheus operator, which not every cluster has.
  static final String MONITORING = "monitoring.coreos.com";

  private final String group;
  private final String version;
  private final String kind;
  private final String plural;

  DependentKind(String group, String version, String kind, String plural) {
    this.group = group;
    this.version = version;
    this.kind = kind;
    this.plural = plural;
  }

  static DependentKind of(String kind) {
    for (DependentKind one : values()) {
      if (one.kind.equals(kind)) {
        return one;
      }
    }
    throw new IllegalArgumentException("no dependent of an LLMGateway is a " + kind);
  }

  String kind() {
    return kind;
  }

  /// Whether every API server has it.
  boolean isEverywhere() {
    return !group.equals(MONITORING);
  }

  /// Whether there are LLMGateways that want none.
  boolean isOptional() {
    return this == AUTOSCALER;
  }

  /// Whether one that was there before may become a gateway's. People annotate the account that
  /// pods run as before there are pods.
  boolean mayBeAdopted() {
    return this == SERVICE_ACCOUNT;
  }

  ResourceDefinitionContext context() {
    return new ResourceDefinitionContext.Builder()
        .withGroup(group)
        .withVersion(version)
        .withKind(kind)
        .withPlural(plural)
        .withNamespaced(true)
        .build();
  }
}
