package ai.oneflow.tests.scale;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Resources in the proportions of a large company: for every thousand ten providers, twenty
/// policies, ten quotas, and callers' keys; and one gateway.
record Population(int resources, String namespace) {
  private static final int WRITERS = 8;

  int providers() {
    return Math.max(1, resources / 100);
  }

  private int policies() {
    return resources / 50;
  }

  private int quotas() {
    return resources / 100;
  }

  int keys() {
    return resources - providers() - policies() - quotas() - 1;
  }

  static String keyName(int number) {
    return "key-%05d".formatted(number);
  }

  /// Creates all of them.
  void create(KubernetesClient admin) throws Exception {
    List<String> manifests = new ArrayList<>();
    manifests.add(SECRET);
    for (int i = 0; i < providers(); i++) {
      manifests.add(provider(i));
    }
    for (int i = 0; i < policies(); i++) {
      manifests.add(policy(i));
    }
    for (int i = 0; i < quotas(); i++) {
      manifests.add(quota(i));
    }
    for (int i = 0; i < keys(); i++) {
      manifests.add(key(i));
    }
    manifests.add(GATEWAY);
    try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      List<Future<?>> written = new ArrayList<>();
      for (String manifest : manifests) {
        written.add(writers.submit(() -> admin.resource(manifest).inNamespace(namespace).create()));
      }
      for (Future<?> one : written) {
        one.get();
      }
    }
  }

  private static final String SECRET =
      """
      apiVersion: v1
      kind: Secret
      metadata: {name: provider}
      stringData: {api-key: credential-of-a-provider}
      """;

  private static String provider(int number) {
    return """
        apiVersion: oneflow.ai/v1alpha1
        kind: LLMProvider
        metadata: {name: provider-%d}
        spec:
          dialect: OpenAI
          credentials: [{secretRef: {name: provider}}]
          models:
            - {name: large, prices: [{input: "2.50", output: "10.00"}]}
            - {name: small, prices: [{input: "0.15", output: "0.60"}]}
        """
        .formatted(number);
  }

  private String policy(int number) {
    return """
        apiVersion: oneflow.ai/v1alpha1
        kind: RoutingPolicy
        metadata: {name: policy-%d}
        spec: {models: [model-%d], targets: [{provider: {name: provider-%d}, model: large}]}
        """
        .formatted(number, number, number % providers());
  }

  private static String quota(int number) {
    return """
        apiVersion: oneflow.ai/v1alpha1
        kind: QuotaPolicy
        metadata: {name: quota-%d}
        spec: {subject: {project: project-%d}, tokens: 10000000/day}
        """
        .formatted(number, number);
  }

  private static String key(int number) {
    return """
        apiVersion: oneflow.ai/v1alpha1
        kind: ApiKey
        metadata: {name: %s}
        spec: {user: user-%d, project: project-%d, requests: 1000/hour, tokens: 200000/minute}
        """
        .formatted(keyName(number), number, number % 50);
  }

  private static final String GATEWAY =
      """
      apiVersion: oneflow.ai/v1alpha1
      kind: LLMGateway
      metadata: {name: main}
      spec: {}
      """;
}
