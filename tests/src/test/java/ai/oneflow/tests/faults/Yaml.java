package ai.oneflow.tests.faults;

import java.net.URI;

/// Manifests that are applied to a [Site], or changed by being applied again.
final class Yaml {
  static final String GATEWAY =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: main}
      spec:
        allowedNamespaces: {from: All}
        defaults: {requestsPerUser: 1000000/hour}
      """;

  static final String QUOTA =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: QuotaPolicy
      metadata: {name: all}
      spec: {requests: 1000000/hour}
      """;

  /// A patch of a CRD (RFC 6902).
  static final String ONE_COLUMN_MORE =
      """
      [{"op": "add", "path": "/spec/versions/0/additionalPrinterColumns/-",
        "value": {"name": "New", "type": "string", "jsonPath": ".spec.user"}}]
      """;

  private Yaml() {}

  static String secret(String name, String credential) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %s}
    stringData: {api-key: %s}
    """
        .formatted(name, credential);
  }

  /// One whose credential is its name with `-credential` behind it.
  static String provider(String name, URI endpoint) {
    return secret(name, name + "-credential")
        + """
        ---
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMProvider
        metadata: {name: %1$s}
        spec:
          dialect: OpenAI
          endpoint: %2$s
          allowedNamespaces: {from: All}
          credentials: [{secretRef: {name: %1$s}}]
          models: [{name: gpt-4o, prices: [{input: "2.50", output: "10.00"}]}]
        """
            .formatted(name, endpoint);
  }

  /// Where requests for the model `smart` go.
  static String policy(String provider) {
    return """
    apiVersion: oneflow.ai/v1alpha1
    kind: RoutingPolicy
    metadata: {name: smart}
    spec:
      models: [smart]
      targets: [{provider: {name: %s, namespace: %s}, model: gpt-4o}]
    """
        .formatted(provider, Site.NAMESPACE);
  }

  static String key(String name) {
    return key(name, "suspended: false");
  }

  /// @param field one more of its spec
  static String key(String name, String field) {
    return """
    apiVersion: oneflow.ai/v1alpha1
    kind: ApiKey
    metadata: {name: %1$s}
    spec: {user: %1$s, %2$s}
    """
        .formatted(name, field);
  }
}
