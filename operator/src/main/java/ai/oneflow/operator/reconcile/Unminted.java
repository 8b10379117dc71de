package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.ApiKey;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Why keys could not be minted when that was tried last: a quota of Secrets, a webhook or a policy
/// that refuses them. What passes by itself, such as an API server that is away or has too much to
/// do, is not among them. Safe for use by several threads.
final class Unminted {
  private static final int MOST_CHARACTERS = 1_000;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Set<Integer> PASSES =
      Set.of(
          HttpURLConnection.HTTP_CONFLICT,
          TOO_MANY_REQUESTS,
          HttpURLConnection.HTTP_BAD_GATEWAY,
          HttpURLConnection.HTTP_UNAVAILABLE,
          HttpURLConnection.HTTP_GATEWAY_TIMEOUT);

  private final Map<String, String> words = new ConcurrentHashMap<>();

  /// Whether that is news.
  boolean note(ApiKey key, KubernetesClientException failure) {
    boolean isAnswer = failure.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    if (!isAnswer || PASSES.contains(failure.getCode())) {
      return false;
    }
    String said = words(failure);
    return !said.equals(words.put(id(key), said));
  }

  private static String words(KubernetesClientException failure) {
    String said = failure.getStatus() == null ? null : failure.getStatus().getMessage();
    String all = said == null ? String.valueOf(failure.getMessage()) : said;
    return all.substring(0, Math.min(MOST_CHARACTERS, all.length()));
  }

  /// Whether that is news.
  boolean clear(ApiKey key) {
    return words.remove(id(key)) != null;
  }

  private static String id(ApiKey key) {
    return key.getMetadata().getNamespace() + "/" + key.getMetadata().getName();
  }

  /// By the ApiKey's `namespace/name`.
  Map<String, String> words() {
    return Map.copyOf(words);
  }
}
