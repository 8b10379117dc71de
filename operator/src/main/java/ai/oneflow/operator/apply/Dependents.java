package ai.oneflow.operator.apply;

import ai.oneflow.operator.build.GatewayId;
import ai.oneflow.operator.workload.GatewayLabels;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Watches what carries the operator's label, and tells whose it is when it changes. Safe for use
/// by several threads.
final class Dependents implements AutoCloseable {
  private final KubernetesClient client;
  private final Set<String> namespaces;
  private final Handler handler;
  private final Map<DependentKind, List<SharedIndexInformer<GenericKubernetesResource>>> watches =
      new ConcurrentHashMap<>();

  /// Waits until the kinds that every API server has are complete.
  ///
  /// @param namespaces to watch; empty: all
  Dependents(KubernetesClient client, Set<String> namespaces, Consumer<GatewayId> changed) {
    this.client = client;
    this.namespaces = namespaces;
    this.handler = new Handler(changed);
    EnumSet.allOf(DependentKind.class).stream()
        .filter(DependentKind::isEverywhere)
        .forEach(this::watch);
  }

  private void watch(DependentKind kind) {
    var all = client.genericKubernetesResources(kind.context());
    List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
    if (namespaces.isEmpty()) {
      informers.add(started(all.inAnyNamespace()));
    } else {
      namespaces.forEach(namespace -> informers.add(started(all.inNamespace(namespace))));
    }
    watches.put(kind, informers);
  }

  /// One that goes on whatever goes wrong: in an old picture nobody would see that it is old.
  private SharedIndexInformer<GenericKubernetesResource> started(
      AnyNamespaceOperation<
              GenericKubernetesResource,
              GenericKubernetesResourceList,
              Resource<GenericKubernetesResource>>
          some) {
    return some.withLabel(GatewayLabels.MANAGED_BY, GatewayLabels.OPERATOR)
        .runnableInformer(0)
        .exceptionHandler((started, _) -> started)
        .addEventHandler(handler)
        .run();
  }

  /// Asks the API server which of the kinds that may be missing it has, and watches these.
  ///
  /// @return whether that has changed
  boolean lookForKinds() {
    APIResourceList list = client.getApiResources(DependentKind.MONITORING + "/v1");
    Set<String> served =
        list == null
            ? Set.of()
            : list.getResources().stream().map(APIResource::getKind).collect(Collectors.toSet());
    boolean changed = false;
    for (DependentKind kind : DependentKind.values()) {
      boolean there = kind.isEverywhere() || served.contains(kind.kind());
      if (there != watches.containsKey(kind)) {
        changed = true;
        if (there) {
          watch(kind);
        } else {
          stop(watches.remove(kind));
        }
      }
    }
    return changed;
  }

  /// The kinds that may be missing and are not, by name.
  Set<String> kinds() {
    return watches.keySet().stream()
        .filter(kind -> !kind.isEverywhere())
        .map(DependentKind::kind)
        .collect(Collectors.toSet());
  }

  /// What the watch shows, which may lag behind.
  Optional<GenericKubernetesResource> find(DependentKind kind, GatewayId gateway) {
    String key = Cache.namespaceKeyFunc(gateway.namespace(), GatewayLabels.nameOf(gateway));
    return watches.getOrDefault(kind, List.of()).stream()
        .map(informer -> informer.getStore().getByKey(key))
        .filter(Objects::nonNull)
        .findFirst();
  }

  @Override
  public void close() {
    watches.values().forEach(Dependents::stop);
  }

  private static void stop(List<SharedIndexInformer<GenericKubernetesResource>> informers) {
    informers.forEach(SharedIndexInformer::stop);
  }

  private record Handler(Consumer<GatewayId> changed)
      implements ResourceEventHandler<GenericKubernetesResource> {
    @Override
    public void onAdd(GenericKubernetesResource added) {
      tell(added);
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
      tell(before);
      tell(after);
    }

    @Override
    public void onDelete(GenericKubernetesResource deleted, boolean finalStateUnknown) {
      tell(deleted);
    }

    private void tell(GenericKubernetesResource dependent) {
      GatewayLabels.gatewayOf(dependent).ifPresent(changed);
    }
  }
}
