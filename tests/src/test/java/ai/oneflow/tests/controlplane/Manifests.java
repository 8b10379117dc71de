package ai.oneflow.tests.controlplane;

/// One resource of each kind, in documents that end with `---`, so that they can be strung
/// together; the gateway comes last.
final class Manifests {
  static final String GATEWAY =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: main}
      spec: {}
      """;
  static final String PROVIDER =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: openai}
      stringData: {api-key: first-value}
      ---
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMProvider
      metadata: {name: openai}
      spec:
        dialect: OpenAI
        credentials: [{secretRef: {name: openai}}]
        models: [{name: gpt-4o, prices: [{input: "2.50", output: "10.00"}]}]
      ---
      """;
  static final String POLICY =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: RoutingPolicy
      metadata: {name: smart}
      spec: {models: [smart], targets: [{provider: {name: openai}, model: gpt-4o}]}
      ---
      """;
  static final String KEY =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: ApiKey
      metadata: {name: search}
      spec: {user: alice}
      ---
      """;

  static final String QUOTA =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: QuotaPolicy
      metadata: {name: all}
      spec: {requests: 1000/hour}
      ---
      """;

  private Manifests() {}
}
