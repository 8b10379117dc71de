package ai.oneflow.operator.reconcile;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import ai.oneflow.operator.resolve.Resources;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The cluster as the caches show it.
final class World {
  private final Map<Class<?>, Cache<? extends HasMetadata>> primaries = new ConcurrentHashMap<>();
  private final Watched watched;
  private final SecretChanges secrets;
  private final Unminted unminted = new Unminted();

  /// @param secrets is told which Secrets matter
  World(Watched watched, SecretChanges secrets) {
    this.watched = watched;
    this.secrets = secrets;
  }

  <R extends HasMetadata> void add(Class<R> kind, Cache<R> cache) {
    primaries.put(kind, cache);
  }

  /// Keys that the API server does not let be minted, which no cache shows.
  Unminted unminted() {
    return unminted;
  }

  Resources read() {
    secrets.reading();
    return new Resources(
        list(LLMGateway.class),
        list(LLMProvider.class),
        list(RoutingPolicy.class),
        // A finalizer of somebody else's may keep a deleted key for long; callers are refused now.
        list(ApiKey.class).stream().filter(key -> !key.isMarkedForDeletion()).toList(),
        list(QuotaPolicy.class),
        watched.secrets(),
        watched.namespaces(),
        unminted.words());
  }

  /// What was read refers to these Secrets, `namespace/name`.
  void refer(Set<String> ids) {
    secrets.refer(ids);
  }

  <R extends HasMetadata> List<R> list(Class<R> kind) {
    Cache<? extends HasMetadata> cache = primaries.get(kind);
    return cache == null ? List.of() : cache.list().map(kind::cast).toList();
  }
}
