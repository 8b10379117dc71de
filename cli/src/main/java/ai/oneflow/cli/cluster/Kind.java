package ai.oneflow.cli.cluster;

import ai.oneflow.api.v1alpha1.Api;

/// What is looked at in a cluster, and where the API server has it.
public enum Kind {
  LLM_PROVIDER(Api.API_VERSION, "LLMProvider", "llmproviders"),
  ROUTING_POLICY(Api.API_VERSION, "RoutingPolicy", "routingpolicies"),
  API_KEY(Api.API_VERSION, "ApiKey", "apikeys"),
  QUOTA_POLICY(Api.API_VERSION, "QuotaPolicy", "quotapolicies"),
  LLM_GATEWAY(Api.API_VERSION, "LLMGateway", "llmgateways"),
  CUSTOM_RESOURCE_DEFINITION(
      "apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions"),
  NAMESPACE("v1", "Namespace", "namespaces"),
  POD("v1", "Pod", "pods"),
  SECRET("v1", "Secret", "secrets"),
  CONFIG_MAP("v1", "ConfigMap", "configmaps"),
  DEPLOYMENT("apps/v1", "Deployment", "deployments"),
  LEASE("coordination.k8s.io/v1", "Lease", "leases"),
  POD_DISRUPTION_BUDGET("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
  AUTOSCALER("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  PROMETHEUS_RULE("monitoring.coreos.com/v1", "PrometheusRule", "prometheusrules"),
  SERVICE_MONITOR("monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors");

  private final String apiVersion;
  private final String text;
  private final String plural;

  Kind(String apiVersion, String text, String plural) {
    this.apiVersion = apiVersion;
    this.text = text;
    this.plural = plural;
  }

  public String apiVersion() {
    return apiVersion;
  }

  /// As in a manifest.
  public String text() {
    return text;
  }

  /// As in the path of the API, and as kubectl takes it.
  public String plural() {
    return plural;
  }

  /// Whether it is one of ours.
  public boolean isOurs() {
    return apiVersion.equals(Api.API_VERSION);
  }

  boolean isNamespaced() {
    return this != NAMESPACE && this != CUSTOM_RESOURCE_DEFINITION;
  }
}
