package ai.oneflow.tests.rights;

/// What there is on a cluster that an operator has everything to do on.
final class Life {
  /// As a Prometheus operator brings them, less their schemas.
  static final String PROMETHEUS_KINDS =
      kind("ServiceMonitor", "servicemonitor") + "---\n" + kind("PrometheusRule", "prometheusrule");

  /// What the leader labels.
  static final String POD_OF_THE_OPERATOR =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: operator, namespace: oneflow}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
        containers:
          - name: it
            image: it
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      """;

  /// One of each kind; the gateway scales with its load.
  static final String RESOURCES =
      """
      apiVersion: v1
      kind: List
      items:
        - apiVersion: v1
          kind: Secret
          metadata: {name: openai, namespace: life}
          stringData: {api-key: some-value}
        - apiVersion: oneflow.ai/v1alpha1
          kind: LLMProvider
          metadata: {name: openai, namespace: life}
          spec:
            dialect: OpenAI
            credentials: [{secretRef: {name: openai}}]
            models: [{name: gpt-4o, prices: [{input: "2.50", output: "10.00"}]}]
        - apiVersion: oneflow.ai/v1alpha1
          kind: RoutingPolicy
          metadata: {name: smart, namespace: life}
          spec: {models: [smart], targets: [{provider: {name: openai}, model: gpt-4o}]}
        - apiVersion: oneflow.ai/v1alpha1
          kind: ApiKey
          metadata: {name: search, namespace: life}
          spec: {user: alice}
        - apiVersion: oneflow.ai/v1alpha1
          kind: QuotaPolicy
          metadata: {name: all, namespace: life}
          spec: {requests: 1000/hour}
        - apiVersion: oneflow.ai/v1alpha1
          kind: LLMGateway
          metadata: {name: main, namespace: life}
          spec: {redis: {url: "redis://redis.life:6379"}}
      """;

  private Life() {}

  private static String kind(String kind, String singular) {
    return """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %2$ss.monitoring.coreos.com}
        spec:
          group: monitoring.coreos.com
          scope: Namespaced
          names: {kind: %1$s, plural: %2$ss, singular: %2$s}
          versions:
          - name: v1
            served: true
            storage: true
            schema:
              openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """
        .formatted(kind, singular);
  }
}
