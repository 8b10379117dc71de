package ai.oneflow.standalone.serve;

import ai.oneflow.api.v1alpha1.ApiKey;
import ai.oneflow.api.v1alpha1.LLMGateway;
import ai.oneflow.api.v1alpha1.LLMProvider;
import ai.oneflow.api.v1alpha1.QuotaPolicy;
import ai.oneflow.api.v1alpha1.RoutingPolicy;
import ai.oneflow.operator.resolve.Resources;
import ai.oneflow.standalone.manifest.Held;
import ai.oneflow.standalone.manifest.Inventory;
import ai.oneflow.standalone.secret.SecretFolder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The resources in force, the oldest first.
record Contents(List<HasMetadata> resources) {
  static Contents of(Inventory inventory) {
    return new Contents(
        inventory.held().values().stream()
            .map(Held::resource)
            .sorted(Comparator.comparing(r -> r.getMetadata().getCreationTimestamp()))
            .toList());
  }

  <R extends HasMetadata> List<R> list(Class<R> kind) {
    return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /// Those of manifests, then those of the folder: where both have one of a name, the folder's
  /// counts, since what is kept in Git stands in for it at most.
  List<Secret> secrets(SecretFolder folder) {
    Set<String> namespaces = new TreeSet<>();
    resources.stream()
        .map(resource -> resource.getMetadata().getNamespace())
        .filter(namespace -> namespace != null && !namespace.isEmpty())
        .forEach(namespaces::add);
    List<Secret> secrets = new ArrayList<>(list(Secret.class));
    secrets.addAll(folder.secrets(namespaces));
    return secrets;
  }

  Resources resources(SecretFolder folder) {
    return new Resources(
        list(LLMGateway.class),
        list(LLMProvider.class),
        list(RoutingPolicy.class),
        list(ApiKey.class),
        list(QuotaPolicy.class),
        secrets(folder),
        list(Namespace.class),
        Map.of());
  }
}
