package ai.oneflow.tests.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/// What a machine under test serves by: one provider, as many keys and public models as give each
/// request of a plan a pair for itself. Each request is one attempt, so that its fault is all that
/// happens to it. Budgets and limits are such as nobody uses up, so that each request is counted
/// several times over.
final class Manifests {
  static final long INPUT_PICO_DOLLARS = 2_500_000;
  static final long CACHED_PICO_DOLLARS = 1_250_000;
  static final long OUTPUT_PICO_DOLLARS = 10_000_000;

  private static final String GATEWAY =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: gateway}
      spec: {}
      """;

  private static final String QUOTAS =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: QuotaPolicy
      metadata: {name: each}
      spec:
        subject: {user: "*"}
        requests: 1000000/day
        tokens: 1000000000000/day
        credits: 10000000/day
        onRedisUnavailable: Allow
      ---
      apiVersion: oneflow.ai/v1alpha1
      kind: QuotaPolicy
      metadata: {name: all}
      spec:
        requests: 1000000/day
        tokens: 1000000000000/day
        credits: 10000000/day
        budgets: [{amount: "100000.00", window: Month}]
      """;

  private Manifests() {}

  static void write(Path folder, URI provider, int requests) throws IOException {
    Files.writeString(folder.resolve("gateway.yaml"), GATEWAY);
    Files.writeString(folder.resolve("quotas.yaml"), QUOTAS);
    Files.writeString(folder.resolve("provider.yaml"), provider(provider));
    Files.writeString(folder.resolve("policy.yaml"), policy(String.join(", ", Pair.models())));
    String keys = Pair.keys(requests).stream().map(Manifests::apiKey).collect(Collectors.joining());
    Files.writeString(folder.resolve("keys.yaml"), keys);
  }

  private static String provider(URI endpoint) {
    return """
        apiVersion: v1
        kind: Secret
        metadata: {name: provider}
        stringData: {api-key: any}
        ---
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMProvider
        metadata: {name: provider}
        spec:
          dialect: OpenAI
          endpoint: %s
          credentials: [{secretRef: {name: provider}}]
          models:
            - name: gpt-4o
              prices: [{input: "2.50", cachedInput: "1.25", output: "10.00"}]
              capabilities: {contextWindow: 128000, maxOutputTokens: 16384}
          timeouts: {connect: 2s, total: 10s, firstToken: 3s, idle: 2s}
          circuitBreaker: {consecutiveFailures: 1000}
        """
        .formatted(endpoint);
  }

  private static String policy(String models) {
    return """
        apiVersion: oneflow.ai/v1alpha1
        kind: RoutingPolicy
        metadata: {name: all}
        spec:
          models: [%s]
          targets: [{provider: {name: provider}, model: gpt-4o}]
          retry: {attempts: 1}
        """
        .formatted(models);
  }

  private static String apiKey(String name) {
    return """
        ---
        apiVersion: oneflow.ai/v1alpha1
        kind: ApiKey
        metadata: {name: %1$s}
        spec: {user: %1$s, project: chaos, budgets: [{amount: "100.00", window: Total}]}
        """
        .formatted(name);
  }
}
