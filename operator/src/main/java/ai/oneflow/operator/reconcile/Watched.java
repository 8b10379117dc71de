package ai.oneflow.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Watches what resources refer to: Secrets, of the watched namespaces, and namespaces, for their
/// labels. Service-account tokens and the releases of a package manager, of which clusters are
/// full,
/// are left with the API server.
final class Watched implements AutoCloseable {
  private static final String HELM = "helm.sh/release.v1";
  private static final String TOKEN = "kubernetes.io/service-account-token";

  private final List<SharedIndexInformer<Secret>> secrets = new ArrayList<>();
  private final SharedIndexInformer<Namespace> namespaces;

  /// Waits until both are complete.
  ///
  /// @param namespaces to watch Secrets in; empty: all
  /// @param secretChanged hears of every Secret that came, changed or went
  /// @param namespaceChanged hears of every namespace
  Watched(
      KubernetesClient client,
      Set<String> namespaces,
      Consumer<Secret> secretChanged,
      Consumer<Namespace> namespaceChanged) {
    var all = client.secrets();
    Handler<Secret> handler = new Handler<>(secretChanged);
    if (namespaces.isEmpty()) {
      secrets.add(
          all.inAnyNamespace()
              .withoutField("type", HELM)
              .withoutField("type", TOKEN)
              .inform(handler));
    } else {
      namespaces.forEach(
          namespace ->
              secrets.add(
                  all.inNamespace(namespace)
                      .withoutField("type", HELM)
                      .withoutField("type", TOKEN)
                      .inform(handler)));
    }
    this.namespaces = client.namespaces().inform(new Handler<>(namespaceChanged));
  }

  List<Secret> secrets() {
    return secrets.stream().flatMap(informer -> informer.getStore().list().stream()).toList();
  }

  List<Namespace> namespaces() {
    return namespaces.getStore().list();
  }

  @Override
  public void close() {
    secrets.forEach(SharedIndexInformer::stop);
    namespaces.stop();
  }

  private record Handler<T extends HasMetadata>(Consumer<T> changed)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T added) {
      changed.accept(added);
    }

    @Override
    public void onUpdate(T before, T after) {
      changed.accept(after);
    }

    @Override
    public void onDelete(T deleted, boolean finalStateUnknown) {
      changed.accept(deleted);
    }
  }
}
