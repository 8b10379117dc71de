package ai.oneflow.operator.reconcile;

import ai.oneflow.operator.workload.KeptIn;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// Watches what resources refer to: Secrets, of the watched namespaces, and namespaces, for their
/// labels. Service-account tokens and the releases of a package manager, of which clusters are
/// full, and the operator's own snapshots are left with the API server.
final class Watched implements AutoCloseable {
  private static final String HELM = "helm.sh/release.v1";
  private static final String TOKEN = "kubernetes.io/service-account-token";

  private final List<SharedIndexInformer<Secret>> secrets = new ArrayList<>();
  private final SharedIndexInformer<Namespace> namespaces;

  /// Waits until both are complete.
  ///
  /// @param namespaces to watch Secrets in; empty: all
  /// @param secretChanged hears of every Secret that came, changed or went
  /// @param namespaceChanged hears of every namespace that came or went or got other labels
  Watched(
      KubernetesClient client,
      Set<String> namespaces,
      Consumer<Secret> secretChanged,
      Consumer<Namespace> namespaceChanged) {
    var all = client.secrets();
    Handler<Secret> handler = new Handler<>(secretChanged, (_, _) -> true);
    if (namespaces.isEmpty()) {
      secrets.add(started(all.inAnyNamespace(), handler));
    } else {
      namespaces.forEach(namespace -> secrets.add(started(all.inNamespace(namespace), handler)));
    }
    this.namespaces =
        started(
            client.namespaces().runnableInformer(0),
            new Handler<>(namespaceChanged, Watched::otherLabels));
  }

  private static SharedIndexInformer<Secret> started(
      AnyNamespaceOperation<Secret, ?, ?> some, Handler<Secret> handler) {
    return started(
        some.withoutField("type", HELM)
            .withoutField("type", TOKEN)
            .withoutField("type", KeptIn.TYPE)
            .runnableInformer(0),
        handler);
  }

  /// One that goes on whatever goes wrong: with an old Secret nobody would see that it is old.
  private static <T extends HasMetadata> SharedIndexInformer<T> started(
      SharedIndexInformer<T> informer, Handler<T> handler) {
    return informer.exceptionHandler((started, _) -> started).addEventHandler(handler).run();
  }

  private static boolean otherLabels(Namespace before, Namespace after) {
    return !Objects.equals(before.getMetadata().getLabels(), after.getMetadata().getLabels());
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

  private record Handler<T extends HasMetadata>(Consumer<T> changed, BiPredicate<T, T> differ)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T added) {
      changed.accept(added);
    }

    @Override
    public void onUpdate(T before, T after) {
      if (differ.test(before, after)) {
        changed.accept(after);
      }
    }

    @Override
    public void onDelete(T deleted, boolean finalStateUnknown) {
      changed.accept(deleted);
    }
  }
}
